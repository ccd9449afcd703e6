export interface Skin {
  readonly bodyCentiCelsius: number
  readonly rawCentiCelsius?: number
  readonly ambientCentiCelsius?: number
}

/** What a person can do at any simulated thermometer. */
export interface ThermometerControls {
  /** Somebody stands before the sensor. Without a raw value the forehead is 2.3 degrees cooler than the body. */
  setSkin(skin: Skin): void
  /** Nobody stands there: the sensor sees the room. */
  nobody(): void
  /** A sensor whose measuring part hangs: it answers, but its values stand still. */
  freeze(frozen: boolean): void
  /** A module that hears and says nothing. */
  silent(silent: boolean): void
  /** Every check sum is wrong. */
  garble(garbled: boolean): void
}

/** Hundredths of a degree. */
export interface Measured {
  readonly raw: number
  readonly ambient: number
  readonly body: number
}

export interface SimulatedSensor {
  measure(): Measured
  readonly controls: Pick<ThermometerControls, 'setSkin' | 'nobody' | 'freeze'>
}

/** Between body and forehead, in hundredths; what a module's own conversion adds. */
const bodyAboveSkin = 230
const roomCentiCelsius = 2400
/** A real sensor is never still. No two neighbours are the same, or it would look frozen. */
const jitter = [0, 2, -1, 1, -2, 3, -3, 1] as const

/** The measuring part of a thermometer: what it is pointed at, and the unrest of a real one. */
export function simulateSensor(): SimulatedSensor {
  const room = {
    raw: roomCentiCelsius + 30,
    ambient: roomCentiCelsius,
    body: roomCentiCelsius + bodyAboveSkin,
  }
  let scene = room
  let readings = 0
  let frozen = false
  let last = room

  return {
    measure() {
      if (frozen) return last
      const unrest = jitter[readings++ % jitter.length] ?? 0
      last = { ...scene, raw: scene.raw + unrest, body: scene.body + unrest }
      return last
    },
    controls: {
      setSkin({
        bodyCentiCelsius,
        rawCentiCelsius = bodyCentiCelsius - bodyAboveSkin,
        ambientCentiCelsius = roomCentiCelsius,
      }) {
        scene = { raw: rawCentiCelsius, ambient: ambientCentiCelsius, body: bodyCentiCelsius }
      },
      nobody() {
        scene = room
      },
      freeze(freeze) {
        frozen = freeze
      },
    },
  }
}
