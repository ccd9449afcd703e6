import type { LightState, LitDevice } from '../kinds.ts'

/** Outputs of a board, by the device the light is beside. */
export type LightWiring = { readonly [Device in LitDevice]?: number | undefined }

/** The devices that have a light. */
export function wiredLights(wiring: LightWiring): LitDevice[] {
  const devices = Object.keys(wiring) as LitDevice[]
  return devices.filter((device) => wiring[device] !== undefined)
}

/** Half a period: so long on, so long off. */
const halfMs = { slow: 500, quick: 250 } as const

interface Light {
  readonly output: number
  state: LightState
  /** When its present state was ordered: blinking begins with light. */
  since: number
  /** What the board was last told; undefined when that is not certain. */
  told: boolean | undefined
}

/** What every guide light should be at a moment, and what the board still has to be told. Pure. */
export class Lights {
  readonly #lights = new Map<LitDevice, Light>()

  constructor(wiring: LightWiring) {
    for (const [device, output] of Object.entries(wiring))
      if (output !== undefined)
        this.#lights.set(device as LitDevice, { output, state: 'off', since: 0, told: undefined })
  }

  get devices(): readonly LitDevice[] {
    return [...this.#lights.keys()]
  }

  /** Whether any light has to be switched by time alone. */
  get blinking(): boolean {
    return [...this.#lights.values()].some(({ state }) => state === 'slow' || state === 'quick')
  }

  /** False when there is no such light. */
  set(device: LitDevice, state: LightState, now: number): boolean {
    const light = this.#lights.get(device)
    if (light && light.state !== state) Object.assign(light, { state, since: now })
    return light !== undefined
  }

  /** How the outputs really are, from a board that can be asked: one that is not as it was told will be told again. */
  seen(isOn: (output: number) => boolean): void {
    for (const light of this.#lights.values()) light.told = isOn(light.output)
  }

  /** Outputs that are not as they should be now. */
  due(now: number): { readonly output: number; readonly on: boolean; told(success: boolean): void }[] {
    return [...this.#lights.values()].flatMap((light) => {
      const on = isLit(light, now)
      if (on === light.told) return []
      const told = (success: boolean) => {
        light.told = success ? on : undefined
      }
      return [{ output: light.output, on, told }]
    })
  }
}

function isLit({ state, since }: Light, now: number): boolean {
  switch (state) {
    case 'off':
      return false
    case 'continuous':
      return true
    case 'slow':
    case 'quick':
      return Math.floor((now - since) / halfMs[state]) % 2 === 0
  }
}
