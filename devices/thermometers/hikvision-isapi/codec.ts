/**
 * What cameras and access terminals of Hikvision tell on their event stream (the maker's ISAPI and thermal developer guides;
 * key names as the maker misspells them):
 *
 *   JSON   { "dateTime": "2024-07-03T05:30:16+08:00", "eventType": "AccessControllerEvent",
 *            "AccessControllerEvent": { "thermometryUnit": "celsius", "currTemperature": 36.600000,
 *                                       "isAbnomalTemperature": false, "mask": "unknown", … } }
 *          and the same under "FaceTemperatureMeasurementEvent"
 *   XML    <EventNotificationAlert> … <FaceThermDetectionInfo> <time/> <faceDetectionState/> <alarmTemperature/> …
 *   XML    <EventNotificationAlert> … <eventType>videoloss</eventType><eventState>inactive</eventState> …: a heartbeat
 */
export interface IsapiPart {
  readonly contentType: string
  readonly body: Uint8Array
}

/** One measurement of one face. */
export interface FaceReading {
  readonly type: 'face'
  readonly bodyCentiCelsius: number
  readonly calledAbnormal: boolean
  /** Undefined: the camera said that it does not know. */
  readonly mask: { readonly worn: boolean | undefined } | undefined
  /** The camera's own clock, see `localSeconds`. */
  readonly at: number
}

export type IsapiEvent =
  | FaceReading
  | { readonly type: 'other' } // a heartbeat, or something that has no temperature
  /** It should have told a temperature, and what it told is no evidence. */
  | { readonly type: 'unclear'; readonly why: 'unreadable' | 'unit' | 'range' | 'no-time' }

const other: IsapiEvent = { type: 'other' }
const unclear = (why: 'unreadable' | 'unit' | 'range' | 'no-time'): IsapiEvent => ({ type: 'unclear', why })

/** Outside these no person was measured, or the unit is not what it says. Hundredths of a degree. */
const POSSIBLE_BODY = [2000, 4700] as const

/** Reads one part of the stream. Names, numbers and pictures in it are not looked at. */
export function readPart({ contentType, body }: IsapiPart): IsapiEvent {
  const text = Buffer.from(body).toString('utf8')
  return /json/i.test(contentType) ? fromJson(text) : fromXml(text)
}

function fromJson(text: string): IsapiEvent {
  const alert = parsed(text)
  if (!isRecord(alert)) return unclear('unreadable')
  const event = alert.AccessControllerEvent ?? alert.FaceTemperatureMeasurementEvent
  if (!isRecord(event) || event.currTemperature === undefined) return other
  if (alert.eventState === 'inactive') return other
  const { currTemperature, thermometryUnit, isAbnomalTemperature, mask } = event
  if (typeof currTemperature !== 'number') return unclear('unreadable')
  return face({
    value: currTemperature,
    unit: thermometryUnit,
    time: alert.dateTime,
    calledAbnormal: isAbnomalTemperature !== false,
    mask: mask === undefined ? undefined : { worn: wornBy(mask) },
  })
}

/** Of the screening result only the alarm's own value is a face's: minimum and average are of the whole region. */
function fromXml(text: string): IsapiEvent {
  const info = inside(text, 'FaceThermDetectionInfo')
  if (info === undefined) return text.includes('<EventNotificationAlert') ? other : unclear('unreadable')
  const value = xmlText(info, 'alarmTemperature')
  if (xmlText(info, 'faceDetectionState') !== 'true' || value === undefined) return other
  if (!/^-?\d+(\.\d+)?$/.test(value)) return unclear('unreadable')
  return face({
    value: Number(value),
    // The guide gives these values in degrees Celsius alone.
    unit: xmlText(info, 'thermometryUnit') ?? 'celsius',
    time: xmlText(info, 'time') ?? xmlText(text, 'dateTime'),
    calledAbnormal: true,
    mask: undefined,
  })
}

interface Told extends Pick<FaceReading, 'calledAbnormal' | 'mask'> {
  readonly value: number
  readonly unit: unknown
  readonly time: unknown
}

function face({ value, unit, time, calledAbnormal, mask }: Told): IsapiEvent {
  if (unit !== 'celsius' && unit !== 'fahrenheit') return unclear('unit')
  const celsius = unit === 'celsius' ? value : ((value - 32) * 5) / 9
  const bodyCentiCelsius = Math.round(celsius * 100)
  const [lowest, highest] = POSSIBLE_BODY
  // Not the other way round: what is no number is in no range.
  if (!(bodyCentiCelsius >= lowest && bodyCentiCelsius <= highest)) return unclear('range')
  const at = localSeconds(time)
  if (at === undefined) return unclear('no-time')
  return { type: 'face', bodyCentiCelsius, calledAbnormal, mask, at }
}

function wornBy(mask: unknown): boolean | undefined {
  if (mask === 'yes') return true
  return mask === 'no' ? false : undefined
}

/**
 * A moment of the camera's own clock, in seconds. Some firmware tells the offset from UTC and some does not, in one device;
 * so only what its clock shows is read. It is compared with nothing but other moments of that clock.
 */
export function localSeconds(time: unknown): number | undefined {
  const shown = typeof time === 'string' ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(time)?.[0] : undefined
  const milliseconds = Date.parse(`${shown}Z`)
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
}

/** Who answers at `/ISAPI/System/deviceInfo`; undefined when it is nobody of this maker's kind. */
export function readDeviceInfo(xml: string) {
  const info = inside(xml, 'DeviceInfo') ?? ''
  const [model, serialNumber] = [xmlText(info, 'model'), xmlText(info, 'serialNumber')]
  if (model === undefined || serialNumber === undefined) return undefined
  return { model, serialNumber, firmware: xmlText(info, 'firmwareVersion') ?? 'unknown' }
}

/** What `/ISAPI/System/time` says the camera's clock shows. */
export function readClock(xml: string): number | undefined {
  return localSeconds(xmlText(xml, 'localTime'))
}

/** Everything within the first element of this name. Searched without going back and forth: a stranger may have written it. */
function inside(xml: string, tag: string): string | undefined {
  const at = xml.search(new RegExp(`<${tag}[\\s>]`))
  const [start, end] = [xml.indexOf('>', at), xml.lastIndexOf(`</${tag}>`)]
  return at >= 0 && start >= 0 && end > start ? xml.slice(start + 1, end) : undefined
}

function xmlText(xml: string, tag: string): string | undefined {
  const [, text] = new RegExp(`<${tag}(?:\\s[^<>]{0,200})?>([^<]{0,200})</${tag}>`).exec(xml) ?? []
  return text?.trim() || undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
