import type { Kind } from '../kinds.ts'

// Plain data all over: the technician's page gets these as they are.

/** Over what a port speaks: `file` is a printer's device file, `usb` a device that is spoken to by its pipes or not at all. */
export type PortTransport = 'serial' | 'file' | 'hid' | 'usb'

/** One place where a device may hang. */
export interface FoundPort {
  /** The same after unplugging and plugging in again, and after a restart: "serial:pci-0000:00:14.0-usb-0:2:1.0-port0". */
  readonly id: string
  readonly transport: PortTransport
  /** What settings call it by: a path for `serial` and `file`, the identity "0c2e:0b6a" for `hid` and `usb`. */
  readonly path: string
  /** The system's name for it now: "/dev/ttyUSB0". May be another one tomorrow. */
  readonly node: string
  /** Every name of it, the best first: by socket (`by-path`), by serial number (`by-id`), the system's. */
  readonly names: readonly string[]
  /** For the technician: "USB Serial (1a86:7523), socket 1-1.2". */
  readonly label: string
  readonly usb?: UsbDescription
  /** What the device says it is, collection by collection. */
  readonly hid?: readonly HidUsage[]
  /** What a printer tells of itself (IEEE 1284 device id). */
  readonly printer?: string
  /** Who has it open, as far as this user may know. `kiosk`: an agent of this software. */
  readonly heldBy?: Holder
  /** What stands in the way of using it; empty: nothing that is known. */
  readonly troubles: readonly Trouble[]
}

export interface UsbDescription {
  readonly vendorId: number
  readonly productId: number
  /** Where it is plugged in, as the system counts sockets: "1-1.2". */
  readonly socket: string
  readonly serialNumber?: string
  readonly manufacturer?: string
  readonly product?: string
}

export interface HidUsage {
  readonly usagePage: number
  readonly usage: number
}

export interface Holder {
  readonly pid: number
  readonly program: string
  readonly kiosk: boolean
}

/** Part of the API: added, deprecated, never silently renamed. */
export type TroubleCode =
  | 'group-missing' // the user is not in the group that may use such ports
  | 'sign-in-again' // he is, but signed in before
  | 'udev-rule-missing' // the rules of this software are not installed
  | 'udev-rule-incomplete' // they are, but say nothing about this device
  | 'replug-needed' // they are, and speak of it: plug it in again
  | 'brltty' // the braille software takes serial adapters for itself
  | 'modem-manager' // asks every new port whether it is a modem
  | 'port-held' // another program has it open
  | 'system-console' // the system's own console speaks there
  | 'adapter-without-port' // a serial adapter for which the system made no port
  | 'printer-without-file' // a USB printer for which the system made no device file
  | 'keyboard-wedge' // a scanner that types like a keyboard
  | 'same-identity' // two of the same make that nothing tells apart
  | 'library-missing' // a shared library that HID and USB devices need

/** Something that is wrong, and what cures it. `values` are what a translation of the code needs. */
export interface Trouble {
  readonly code: TroubleCode
  /** In English, for terminal output; screens translate the code. */
  readonly message: string
  /** Commands, in order; empty where hands are needed. Written to be copied into a terminal. */
  readonly cure: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

/**
 * How a model was recognised: it answered a question, it spoke by itself, or USB tells its identity. What `identity` alone
 * says is a guess about the model, never about whether it works.
 */
export type Certainty = 'answered' | 'heard' | 'identity'

/** A proposal: a device block for the settings that passes its driver's schema. */
export interface Candidate {
  /** The port's id. */
  readonly port: string
  readonly driver: string
  readonly kind: Kind
  /** The driver's own label. */
  readonly label: string
  readonly options: Readonly<Record<string, unknown>>
  /** Options in which only a starting value stands, because no question tells them: "estimate.offsetCentiCelsius". */
  readonly toBeSet: readonly string[]
  readonly certainty: Certainty
  readonly evidence: Evidence
}

/** Part of the API: added, deprecated, never silently renamed. */
export type EvidenceCode =
  | 'answered-probe' // values: baudRate
  | 'answered-address' // values: address
  | 'spoke-by-itself' // values: baudRate
  | 'code-arrived' // values: baudRate, terminator, length
  | 'usb-identity' // values: identity, says
  | 'hid-usage' // values: identity, says

export interface Evidence {
  readonly code: EvidenceCode
  /** In English; screens translate the code. Never holds what a device read: no card, no code. */
  readonly message: string
  readonly values: Readonly<Record<string, string>>
}

/** What came of asking one port. */
export interface Identified {
  readonly candidates: readonly Candidate[]
  /** Whether anything at all came from the device: silence and a stranger's voice are different faults. */
  readonly heard: boolean
  /**
   * Kinds whose questions were not asked, because some relay board would take them for an order: they are asked when the
   * technician says that this port's device is of that kind.
   */
  readonly withheld: readonly Kind[]
}

/** How far it is, for whoever waits. */
export interface IdentifyStep {
  readonly port: string
  readonly doing: 'listening' | 'asking'
  readonly baudRate?: number
  /** The driver whose question is asked. */
  readonly driver?: string
  readonly done: number
  readonly of: number
}

/** What came of "this is my scanner, scan now". */
export interface ScannedNow {
  readonly candidates: readonly Candidate[]
  /** Ports that could not be listened to, and the code of the DeviceError. */
  readonly refused: readonly { readonly port: string; readonly code: string }[]
  /** Keyboards that are plugged in: where nothing came, the scanner may be one of them. Labels. */
  readonly keyboards: readonly string[]
}

/** What is plugged in now and was not before, and the other way round. */
export interface PortChange {
  readonly came: readonly FoundPort[]
  readonly went: readonly FoundPort[]
}
