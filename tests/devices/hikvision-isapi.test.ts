import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeviceEvent } from '../../devices/kinds.ts'
import { memoryHttpLink } from '../../devices/link/memory-http.ts'
import {
  localSeconds,
  readClock,
  readDeviceInfo,
  readPart,
} from '../../devices/thermometers/hikvision-isapi/codec.ts'
import { hikvisionIsapi } from '../../devices/thermometers/hikvision-isapi/driver.ts'
import {
  type HikvisionSimulation,
  simulateHikvision,
} from '../../devices/thermometers/hikvision-isapi/simulator.ts'
import { fakeClock } from '../support/fake-clock.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const json = (value: unknown) => ({ contentType: 'application/json', body: utf8(JSON.stringify(value)) })
const xml = (text: string) => ({ contentType: 'application/xml; charset="UTF-8"', body: utf8(text) })

/** An event as access terminals send it; invented person. */
const printed = {
  dateTime: '2024-07-03T05:30:16+08:00',
  eventType: 'AccessControllerEvent',
  AccessControllerEvent: {
    name: 'Invented Person',
    employeeNoString: '4366',
    mask: 'unknown',
    helmet: 'no',
    thermometryUnit: 'celsius',
    currTemperature: 36.6,
    isAbnomalTemperature: false,
    RegionCoordinates: { positionX: 383, positionY: 518 },
    HealthInfo: { healthCode: 1 },
  },
}
const withEvent = (changes: Record<string, unknown>, alert: Record<string, unknown> = {}) =>
  readPart(
    json({ ...printed, ...alert, AccessControllerEvent: { ...printed.AccessControllerEvent, ...changes } }),
  )

const screening = (inside: string) =>
  readPart(
    xml(`<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<dateTime>2020-04-23T19:13:57+08:00</dateTime><eventType>FaceThermometry</eventType><eventState>active</eventState>
<FaceThermDetectionInfo version="2.0"><id>1</id><name>rule</name>${inside}<minTemperature>20.1</minTemperature>
<averageTemperature>30.2</averageTemperature></FaceThermDetectionInfo></EventNotificationAlert>`),
  )

describe('Events of a Hikvision device', () => {
  const at = Date.UTC(2024, 6, 3, 5, 30, 16) / 1000

  test('a printed access event is read, and nothing of the person in it', () => {
    const text = JSON.stringify(printed).replace('36.6', '36.600000')
    expect(readPart({ contentType: 'application/json; charset="UTF-8"', body: utf8(text) })).toEqual({
      type: 'face',
      bodyCentiCelsius: 3660,
      calledAbnormal: false,
      mask: { worn: undefined },
      at,
    })
  })

  test('the same under the name of the temperature event', () => {
    const { AccessControllerEvent: event, ...alert } = printed
    expect(readPart(json({ ...alert, FaceTemperatureMeasurementEvent: event }))).toMatchObject({
      bodyCentiCelsius: 3660,
    })
  })

  test.each([
    [{ thermometryUnit: 'fahrenheit', currTemperature: 97.9 }, { bodyCentiCelsius: 3661 }],
    [{ thermometryUnit: 'fahrenheit', currTemperature: 99.14 }, { bodyCentiCelsius: 3730 }],
    [
      { currTemperature: 37.2, mask: 'yes' },
      { bodyCentiCelsius: 3720, mask: { worn: true } },
    ],
    [{ mask: 'no' }, { mask: { worn: false } }],
    [{ mask: undefined }, { mask: undefined }],
    [{ isAbnomalTemperature: true }, { calledAbnormal: true }],
    [{ isAbnomalTemperature: undefined }, { calledAbnormal: true }],
    [{ isAbnomalTemperature: 'false' }, { calledAbnormal: true }],
  ])('%j means %j', (changes, meant) => {
    expect(withEvent(changes)).toMatchObject({ type: 'face', ...meant })
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['no unit', { thermometryUnit: undefined }, {}, 'unit'],
    ['kelvin', { thermometryUnit: 'kelvin', currTemperature: 309.7 }, {}, 'unit'],
    ['a value in the other unit', { currTemperature: 97.9 }, {}, 'range'],
    ['Fahrenheit that is Celsius', { thermometryUnit: 'fahrenheit' }, {}, 'range'],
    ['nobody', { currTemperature: 0 }, {}, 'range'],
    ['a number in quotes', { currTemperature: '36.6' }, {}, 'unreadable'],
    ['nothing where a number should be', { currTemperature: null }, {}, 'unreadable'],
    ['no time', {}, { dateTime: undefined }, 'no-time'],
    ['a time nobody can read', {}, { dateTime: 'yesterday' }, 'no-time'],
  ])('%s is no evidence', (_, changes, alert, why) => {
    expect(withEvent(changes, alert)).toEqual({ type: 'unclear', why })
  })

  test.each<[string, ReturnType<typeof json>]>([
    ['a door that was opened', json({ dateTime: printed.dateTime, AccessControllerEvent: { doorNo: 1 } })],
    ['another event', json({ eventType: 'heartBeat', eventState: 'active' })],
    ['an event that is over', json({ ...printed, eventState: 'inactive' })],
    [
      'a heartbeat',
      xml(`<EventNotificationAlert version="2.0"><dateTime>2017-05-04T11:20:02+08:00</dateTime>
<eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>`),
    ],
  ])('%s tells no temperature', (_, part) => {
    expect(readPart(part)).toEqual({ type: 'other' })
  })

  test.each([json('text'), json([1]), json(null), xml('<html>502</html>'), xml('')])(
    'garbage is no evidence',
    (part) => {
      expect(readPart(part)).toEqual({ type: 'unclear', why: 'unreadable' })
    },
  )

  test('whatever comes is read without an error, and a face is always a possible one', () => {
    const alert = fc.record({
      dateTime: fc.oneof(fc.constant(printed.dateTime), fc.anything()),
      eventState: fc.anything(),
      AccessControllerEvent: fc.oneof(
        fc.record({
          currTemperature: fc.oneof(fc.double(), fc.anything()),
          thermometryUnit: fc.oneof(fc.constantFrom('celsius', 'fahrenheit'), fc.anything()),
          isAbnomalTemperature: fc.anything(),
          mask: fc.anything(),
        }),
        fc.anything(),
      ),
    })
    const parts = fc.oneof(
      alert.map(json),
      fc.string().map(xml),
      fc.uint8Array().map((body) => ({ contentType: 'application/json', body })),
    )
    fc.assert(
      fc.property(parts, (part) => {
        const event = readPart(part)
        if (event.type !== 'face') return
        expect(Number.isInteger(event.bodyCentiCelsius) && Number.isInteger(event.at)).toBe(true)
        expect(Math.abs(event.bodyCentiCelsius - 3350)).toBeLessThanOrEqual(1350)
      }),
    )
  })

  test('a document made to be slow is not', () => {
    for (const piece of ['<FaceThermDetectionInfo ', '<alarmTemperature ', '<alarmTemperature>'])
      readPart(xml(`<FaceThermDetectionInfo>${piece.repeat(65_000 / piece.length)}</FaceThermDetectionInfo>`))
  })

  test('of a screening result only the value of an alarm at a face counts, and it is called abnormal', () => {
    const face = '<time>2020-04-23T19:13:57+08:00</time><faceDetectionState>true</faceDetectionState>'
    expect(screening(`${face}<alarmTemperature>38.4</alarmTemperature>`)).toMatchObject({
      type: 'face',
      bodyCentiCelsius: 3840,
      calledAbnormal: true,
    })
    expect(screening(face)).toEqual({ type: 'other' })
    const nobody = '<faceDetectionState>false</faceDetectionState><alarmTemperature>38.4</alarmTemperature>'
    expect(screening(nobody)).toEqual({ type: 'other' })
    expect(screening(`${face}<alarmTemperature>hot</alarmTemperature>`)).toMatchObject({ why: 'unreadable' })
  })

  test("a camera's clock is read as it is shown, with an offset or without", () => {
    expect(localSeconds('2024-07-03T05:30:16')).toBe(at)
    expect(localSeconds('2024-07-03T05:30:16+08:00')).toBe(at)
    expect(localSeconds('2024-07-03T05:30:16.250Z')).toBe(at)
    expect(readClock('<Time version="2.0"><localTime>2024-07-03T05:30:16+08:00</localTime></Time>')).toBe(at)
    for (const wrong of [undefined, 7, '', '2024-13-03T05:30:16']) expect(localSeconds(wrong)).toBeUndefined()
  })

  test('what does not say its model is nobody', () => {
    expect(
      readDeviceInfo('<DeviceInfo><model>DS-1</model><serialNumber>2</serialNumber></DeviceInfo>'),
    ).toEqual({
      model: 'DS-1',
      serialNumber: '2',
      firmware: 'unknown',
    })
    for (const other of [
      '',
      '<DeviceInfo></DeviceInfo>',
      '<model>DS-1</model><serialNumber>2</serialNumber>',
    ])
      expect(readDeviceInfo(other)).toBeUndefined()
  })
})

const settings = {
  host: 'camera',
  username: 'hall',
  password: 'secret-word',
  declaredAmbientCentiCelsius: 2400,
}

function plugged(device: HikvisionSimulation = {}, changes: Record<string, unknown> = {}) {
  const clock = fakeClock()
  const simulator = simulateHikvision({ clock, ...device })
  const cable = memoryHttpLink((end) => simulator.attach(end))
  const events: DeviceEvent<'thermometer'>[] = []
  const logs: string[] = []
  const start = () =>
    hikvisionIsapi.start({
      link: cable.near,
      options: hikvisionIsapi.options.parse({ ...settings, ...changes }),
      signal: cable.near.closed,
      clock,
      log: (message, details) => logs.push(`${message} ${JSON.stringify(details ?? {})}`),
      emit: (event) => events.push(event),
    })
  const samples = () => events.flatMap((event) => (event.type === 'temperature' ? [event.sample] : []))
  return { ...cable, clock, simulator, controls: simulator.controls, events, samples, logs, start }
}

async function started(device: HikvisionSimulation = {}, changes: Record<string, unknown> = {}) {
  const bench = plugged(device, changes)
  await bench.clock.until(bench.start())
  return bench
}

describe('Hikvision thermometer', () => {
  test('tells whoever stands there, once a second, body and mask; the skin it does not know', async () => {
    const { controls, clock, events, samples } = await started()
    controls.setMask('yes')
    controls.setSkin({ bodyCentiCelsius: 3660 })
    await clock.advance(3000)
    expect(samples().length).toBeGreaterThanOrEqual(3)
    expect(samples().at(-1)).toEqual({
      bodyCentiCelsius: 3660,
      ambientCentiCelsius: 2400,
      head: 'ok',
      whole: true,
      calledAbnormal: false,
    })
    expect(events[0]).toEqual({ type: 'mask', worn: true })
    controls.nobody()
    const before = events.length
    await clock.advance(20_000)
    expect(events.length).toBe(before)
  })

  test('reads a camera set to Fahrenheit, and one whose clock is a year wrong', async () => {
    for (const device of [{ unit: 'fahrenheit' }, { clockWrongByMs: -365 * 86_400_000 }] as const) {
      const { controls, clock, samples } = await started(device)
      controls.setSkin({ bodyCentiCelsius: 3720 })
      await clock.advance(60_000)
      expect(samples().length).toBeGreaterThan(50)
      for (const { bodyCentiCelsius } of samples()) expect(Math.abs(bodyCentiCelsius - 3720)).toBeLessThan(7)
    }
  })

  test('what the camera had stored is nobody who stands there now', async () => {
    const { clock, samples, logs } = await started({ stored: 30 })
    await clock.advance(2000)
    expect(samples()).toEqual([])
    expect(logs.filter((line) => line.includes('not of now')).length).toBe(30)
  })

  test('events that lay in the network for long are no evidence when they come', async () => {
    const { controls, clock, samples } = await started()
    const hour = new Date(clock.now()).toISOString().slice(0, 19)
    const late = JSON.stringify({ ...printed, dateTime: hour })
    await clock.advance(2500)
    controls.send('application/json', late)
    await clock.advance(0)
    expect(samples().length).toBe(1)
    await clock.advance(1000)
    controls.send('application/json', late)
    await clock.advance(0)
    expect(samples().length).toBe(1)
  })

  test('samples do not count while the sensor warms up', async () => {
    const { controls, clock, samples } = await started({}, { warmUpMs: 2500 })
    controls.setSkin({ bodyCentiCelsius: 3660 })
    await clock.advance(5000)
    expect([samples()[0]?.head, samples().at(-1)?.head]).toEqual(['warming-up', 'ok'])
  })

  test('garbled events are no evidence, and the next good one is', async () => {
    const { controls, clock, samples, logs } = await started()
    controls.garble(true)
    controls.setSkin({ bodyCentiCelsius: 3660 })
    await clock.advance(3000)
    expect([samples(), logs.join().includes('unreadable')]).toEqual([[], true])
    controls.garble(false)
    await clock.advance(1500)
    expect(samples().length).toBeGreaterThan(0)
  })

  test('a camera gone silent is noticed in time', async () => {
    const { controls, clock, near } = await started()
    await clock.advance(60_000)
    expect(near.closed.aborted).toBe(false)
    controls.silent(true)
    await clock.advance(10_001)
    expect(near.closed.aborted).toBe(true)
  })

  test('a stream without heartbeats is opened anew, though the camera answers', async () => {
    const { clock, near, logs } = await started({ heartbeatEveryMs: 3_600_000 })
    await clock.advance(29_000)
    expect(near.closed.aborted).toBe(false)
    await clock.advance(2000)
    expect([near.closed.aborted, logs.join().includes('no heartbeat')]).toEqual([true, true])
  })

  test.each<[string, HikvisionSimulation, Record<string, unknown>, string]>([
    ['another web server', { answers: () => ({ status: 404, body: 'not found' }) }, {}, 'wrong-device'],
    [
      'a page instead of a device',
      { answers: () => ({ status: 200, body: '<html></html>' }) },
      {},
      'wrong-device',
    ],
    ['another model', { model: 'DS-7608NI-K2' }, { model: 'DS-K1TA70' }, 'wrong-device'],
    ['a user without the right', { answers: () => ({ status: 403, body: '' }) }, {}, 'no-permission'],
    [
      'a camera without a clock',
      { answers: (path) => (path.endsWith('time') ? { status: 200, body: '<Time/>' } : undefined) },
      {},
      'bad-answer',
    ],
  ])('refuses %s', async (_, device, changes, code) => {
    const { start, clock } = plugged(device, changes)
    await expect(clock.until(start())).rejects.toMatchObject({ code })
  })

  test.each(['unplug', 'close'] as const)('stops without a word after %s in the middle', async (how) => {
    const { controls, clock, near, unplug, events } = await started()
    controls.setSkin({ bodyCentiCelsius: 3660 })
    await clock.advance(1500)
    if (how === 'unplug') unplug()
    else await near.close()
    const before = events.length
    await clock.advance(60_000)
    expect(events.length).toBe(before)
  })

  test('never logs a person, a value or the password', async () => {
    const { controls, clock, logs } = await started()
    controls.send('application/json', JSON.stringify({ ...printed, dateTime: 'x' }))
    controls.send('application/json', JSON.stringify(printed))
    await clock.advance(1000)
    expect(logs.length).toBeGreaterThan(2)
    for (const kept of ['Invented', '4366', '36.6', '3660', 'secret-word'])
      expect(logs.join()).not.toContain(kept)
  })

  test('wants one password, and tells it to the link alone', async () => {
    const parse = (changes: Record<string, unknown>) =>
      hikvisionIsapi.options.safeParse({ ...settings, ...changes })
    expect(parse({ passwordFile: '/run/secrets/camera' }).success).toBe(false)
    expect(parse({ password: undefined }).success).toBe(false)
    const link = hikvisionIsapi.link(hikvisionIsapi.options.parse(settings))
    expect(JSON.stringify(link)).not.toContain('secret-word')
    const missing = { ...settings, password: undefined, passwordFile: '/no/such/file' }
    const { password } = hikvisionIsapi.link(hikvisionIsapi.options.parse(missing)) as {
      password(): Promise<string>
    }
    await expect(password()).rejects.toMatchObject({ code: 'bad-config' })
  })
})
