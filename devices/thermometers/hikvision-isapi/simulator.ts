import { type Clock, systemClock } from '../../lib/clock.ts'
import { simulateSensor, type ThermometerControls } from '../../lib/simulated-sensor.ts'
import type { HttpEnd } from '../../link/memory-http.ts'
import type { HttpSimulator } from '../../simulation.ts'

/** Faults are read as they are needed, so a caller may change them while it runs. */
export interface HikvisionSimulation {
  readonly clock?: Clock
  readonly model?: string
  readonly unit?: 'celsius' | 'fahrenheit'
  /** How wrong the camera's clock is. */
  readonly clockWrongByMs?: number
  readonly heartbeatEveryMs?: number
  /** Cameras send again what they had stored when somebody begins to listen: so many events, a minute old. */
  readonly stored?: number
  /** Fault: another device, which answers this path with this status and text. */
  readonly answers?: (path: string) => { status: number; body: string } | undefined
}

export interface HikvisionControls extends ThermometerControls {
  /** What the camera sees on the face before it. */
  setMask(mask: 'yes' | 'no' | 'unknown'): void
  /** From this temperature on the camera itself says "abnormal". */
  setAlarmAt(centiCelsius: number): void
  /** Sends one part as it is. */
  send(contentType: string, body: string): void
}

const STREAM = '/ISAPI/Event/notification/alertStream'
/** While somebody stands there, cameras tell once a second. */
const TELL_EVERY_MS = 1000
const isoSeconds = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}+08:00`

/** A thermographic access terminal made of software. Its pictures are noise. */
export function simulateHikvision(options: HikvisionSimulation = {}): HttpSimulator<HikvisionControls> {
  const {
    clock = systemClock,
    model = 'DS-K1TA70MI-T',
    unit = 'celsius',
    heartbeatEveryMs = 10_000,
  } = options
  const sensor = simulateSensor()
  const world = { somebody: false, silent: false, garbled: false, alarmAt: 3730, mask: 'unknown' }
  let ends: HttpEnd[] = []
  let count = 0

  const shown = () => clock.now() + (options.clockWrongByMs ?? 0)

  function send(contentType: string, body: string | Uint8Array): void {
    if (world.silent) return
    const bytes = Buffer.from(body)
    for (const end of ends)
      end.send(STREAM, { contentType, body: world.garbled ? bytes.fill(0x3f, bytes.length >> 1) : bytes })
  }

  function faceEvent(at: number): string {
    const body = Math.round(sensor.measure().body / 10) / 10
    const told = {
      mask: world.mask,
      abnormal: body * 100 >= world.alarmAt,
      count: ++count,
      time: isoSeconds(at),
    }
    return accessEvent(unit, body, told)
  }

  async function live(end: HttpEnd): Promise<void> {
    let heartbeatAt = clock.monotonic()
    while (!end.closed.aborted) {
      if (world.somebody) {
        send('application/json; charset="UTF-8"', faceEvent(shown()))
        send('image/jpeg', new Uint8Array(2000).fill(0xd8))
      }
      if (clock.monotonic() >= heartbeatAt) {
        send('application/xml; charset="UTF-8"', heartbeat(isoSeconds(shown())))
        heartbeatAt += heartbeatEveryMs
      }
      await clock.sleep(Math.min(TELL_EVERY_MS, heartbeatEveryMs), end.closed)
    }
  }

  function sendStored(): void {
    for (let stored = 0; stored < (options.stored ?? 0); stored++)
      send('application/json; charset="UTF-8"', faceEvent(shown() - 60_000))
  }

  function request(path: string) {
    if (world.silent) return undefined
    const other = options.answers?.(path)
    if (other) return other
    if (path === '/ISAPI/System/deviceInfo') return { status: 200, body: deviceInfo(model) }
    if (path === '/ISAPI/System/time')
      return { status: 200, body: `<Time><localTime>${isoSeconds(shown())}</localTime></Time>` }
    return { status: 404, body: '' }
  }

  return {
    linkKind: 'http',
    attach(far) {
      ends = [...ends.filter(({ closed }) => !closed.aborted), far]
      live(far).catch(() => {}) // ends with the cable
      return { streams: [STREAM], request, listening: sendStored }
    },
    controls: {
      ...sensor.controls,
      setSkin(skin) {
        sensor.controls.setSkin(skin)
        world.somebody = true
      },
      nobody() {
        sensor.controls.nobody()
        world.somebody = false
      },
      silent(silent) {
        world.silent = silent
      },
      garble(garbled) {
        world.garbled = garbled
      },
      setMask(mask) {
        world.mask = mask
      },
      setAlarmAt(centiCelsius) {
        world.alarmAt = centiCelsius
      },
      send,
    },
  }
}

interface ToldFace {
  readonly time: string
  readonly count: number
  readonly mask: string
  readonly abnormal: boolean
}

function accessEvent(
  unit: 'celsius' | 'fahrenheit',
  celsius: number,
  { time, count, mask, abnormal }: ToldFace,
) {
  return JSON.stringify({
    ipAddress: '192.168.1.64',
    dateTime: time,
    activePostCount: count,
    eventType: 'AccessControllerEvent',
    eventState: 'active',
    AccessControllerEvent: {
      majorEventType: 5,
      subEventType: 75,
      mask,
      thermometryUnit: unit,
      currTemperature: unit === 'celsius' ? celsius : Math.round(celsius * 18 + 320) / 10,
      isAbnomalTemperature: abnormal,
      RegionCoordinates: { positionX: 383, positionY: 518 },
    },
  })
}

function deviceInfo(model: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<DeviceInfo version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<deviceName>simulated</deviceName><model>${model}</model><serialNumber>${model}0120200401V030230SIM</serialNumber>
<firmwareVersion>V3.2.30</firmwareVersion><deviceType>ACS</deviceType>
</DeviceInfo>`
}

function heartbeat(time: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<dateTime>${time}</dateTime><activePostCount>0</activePostCount>
<eventType>videoloss</eventType><eventState>inactive</eventState><eventDescription>videoloss alarm</eventDescription>
</EventNotificationAlert>`
}
