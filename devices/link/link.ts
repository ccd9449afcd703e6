import type { DeviceError } from '../errors.ts'
import type { HttpPart } from './multipart.ts'

/** What every open link has, whatever travels over it. One object per connection: it is never opened twice. */
interface LinkBase {
  /** For messages and traces: "serial /dev/ttyUSB0", "tcp 10.1.2.3:9100". */
  readonly name: string
  /** Aborts once, when the link is over, whoever ended it. Its reason is a DeviceError. */
  readonly closed: AbortSignal
  /** Ends the link. Idempotent; never throws; pending writes are dropped, not sent later. */
  close(): Promise<void>
}

/** Bytes in order, both ways: serial, TCP, device file, memory. */
export interface StreamLink extends LinkBase {
  readonly kind: 'stream'
  /**
   * What the device sends. One reader, once. Reading goes on in the background from the moment the link opens, so that
   * an unplug is noticed even while nobody asks. Ends without an error when the link is over.
   */
  readonly bytes: AsyncIterable<Uint8Array>
  /**
   * Hands bytes to the operating system; that is no proof of delivery. Rejects with a DeviceError when the
   * link is over or ends first.
   */
  write(bytes: Uint8Array): Promise<void>
}

/** HID reports. Byte 0 of every report, both ways, is the report id (0 where the device uses none). */
export interface ReportLink extends LinkBase {
  readonly kind: 'report'
  /** What the device calls its maker and itself, where it does. */
  readonly texts: HidTexts
  /** The report descriptor, where the platform tells it. */
  readonly descriptor: Uint8Array | undefined
  readonly reports: AsyncIterable<Uint8Array>
  writeOutput(report: Uint8Array): Promise<void>
  sendFeature(report: Uint8Array): Promise<void>
  getFeature(reportId: number, length: number): Promise<Uint8Array>
}

export interface HidTexts {
  readonly manufacturer?: string | undefined
  readonly product?: string | undefined
}

/** USB bulk pipes, addressed by endpoint number without the direction bit. */
export interface PipesLink extends LinkBase {
  readonly kind: 'pipes'
  readonly endpoints: { readonly in: readonly number[]; readonly out: readonly number[] }
  transferOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): Promise<void>
  /** Resolves with at most `length` bytes; rejects with `timeout` when none come. */
  transferIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array>
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** A device that is a small web server: requests, and its endless answer as an event stream. */
export interface HttpLink extends LinkBase {
  readonly kind: 'http'
  /** Rejects with `timeout` when the answer is not complete in time; any status is an answer. */
  request(path: string, init?: { method?: string; body?: string }): Promise<HttpAnswer>
  /**
   * Resolves when the device agreed to stream; then the JSON and XML parts of a multipart event stream, in order. Its end is
   * the link's end, and ends the iteration without an error.
   */
  events(path: string): Promise<AsyncIterable<HttpPart>>
}

export interface Links {
  stream: StreamLink
  report: ReportLink
  pipes: PipesLink
  http: HttpLink
}

export type LinkKind = keyof Links
export type AnyLink = Links[LinkKind]

/** How to reach a device over a link of each kind. Nothing is opened by it. */
export interface LinkOptionsOf {
  stream: StreamOptions
  report: HidOptions
  pipes: UsbOptions
  http: HttpOptions
}

export type LinkOptions = LinkOptionsOf[LinkKind]

export type StreamOptions =
  | {
      readonly type: 'serial'
      readonly path: string
      readonly baudRate: number
      readonly dataBits?: 7 | 8
      readonly parity?: 'none' | 'even' | 'odd'
      readonly stopBits?: 1 | 2
      readonly flowControl?: 'none' | 'hardware' | 'software'
    }
  | {
      readonly type: 'tcp'
      readonly host: string
      readonly port: number
      /**
       * `reset`: closing throws away what the network has not taken yet, so that a command for a gate never arrives late.
       * Otherwise what was handed over still reaches the device.
       */
      readonly onClose?: 'reset'
    }
  | { readonly type: 'file'; readonly path: string }

/** One USB device by its identity. Two of the same make need their serial numbers to be told apart. */
interface UsbIdentity {
  readonly vendorId: number
  readonly productId: number
  readonly serialNumber?: string | undefined
}

export interface UsbOptions extends UsbIdentity {
  readonly type: 'usb'
}

export interface HidOptions extends UsbIdentity {
  readonly type: 'hid'
  /** The collection wanted, where one device has several: a scan head is often a keyboard as well. */
  readonly usagePage?: number | undefined
  readonly usage?: number | undefined
  /** Where gadgets of several makers share this identity: whose is taken first. The driver still looks at what it got. */
  readonly manufacturer?: string | undefined
  /** Whether the device puts an id before its reports; told by the report descriptor where the platform has one. */
  readonly numberedReports?: boolean | undefined
}

export interface HttpOptions {
  readonly type: 'http'
  readonly host: string
  readonly port: number
  readonly username: string
  /** A function, so that no log and no export of these options can hold it. */
  password(): Promise<string>
}

/** Opens a link. Rejects with a DeviceError that says what to do about it. */
export interface OpenLink {
  (options: StreamOptions, signal: AbortSignal): Promise<StreamLink>
  (options: HidOptions, signal: AbortSignal): Promise<ReportLink>
  (options: UsbOptions, signal: AbortSignal): Promise<PipesLink>
  (options: HttpOptions, signal: AbortSignal): Promise<HttpLink>
  (options: LinkOptions, signal: AbortSignal): Promise<AnyLink>
}

/** Whether a link is of this kind. */
export function isLinkKind<K extends LinkKind>(link: AnyLink, kind: K): link is Extract<AnyLink, Links[K]> {
  return link.kind === kind
}

/** The reason a link's `closed` signal carries. */
export function closedReason(link: LinkBase): DeviceError {
  return link.closed.reason as DeviceError
}
