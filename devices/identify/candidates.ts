import { usbIdentity } from '../link/usb-access.ts'
import { configureDevice } from '../registry.ts'
import type { Candidate, Certainty, Evidence, FoundPort } from './found.ts'
import type { Suggestion } from './probe.ts'

/** How somebody came upon a suggestion. */
export interface Found {
  readonly certainty: Certainty
  readonly evidence: Evidence
}

/** Where a proposed device hangs: a port, or an address that the suggestion names itself. */
export type Place = Pick<FoundPort, 'id' | 'path' | 'usb'> & {
  readonly transport: FoundPort['transport'] | 'tcp'
}

/** A device block for this place, checked against its driver's schema. */
export async function candidate(
  port: Place,
  suggestion: Pick<Suggestion, 'driver' | 'toBeSet'> & {
    readonly options: Readonly<Record<string, unknown>>
  },
  { certainty, evidence }: Found,
): Promise<Candidate> {
  const { driver, toBeSet = [], options } = suggestion
  const located = withPort(port, driver, options)
  const configured = await configureDevice({ id: 'proposed', driver, options: located })
  const { kind, label } = configured.driver
  return { port: port.id, driver, kind, label, options: located, toBeSet, certainty, evidence }
}

/** Most drivers of serial devices have the port in `path`; the printer has it where it says how it is connected. */
function withPort(
  { path, transport, usb }: Place,
  driver: string,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (transport === 'tcp') return { ...options }
  if (driver === 'escpos') {
    const { transport: connected, ...rest } = options
    return { ...rest, transport: { type: transport, ...(connected as object | undefined), path } }
  }
  if (transport === 'serial' || transport === 'file') return { path, ...options }
  if (driver === 'dcttech-hid-relay') return { ...options }
  return {
    ...(driver === 'hid-pos' && { device: path }),
    ...(usb?.serialNumber !== undefined && { serialNumber: usb.serialNumber }),
    ...options,
  }
}

export const evidenceOf = {
  answered: (baudRate: number): Found => ({
    certainty: 'answered',
    evidence: {
      code: 'answered-probe',
      message: `it answered the question of this model at ${baudRate} baud`,
      values: { baudRate: String(baudRate) },
    },
  }),
  answeredAt: (address: string): Found => ({
    certainty: 'answered',
    evidence: {
      code: 'answered-address',
      message: `it answered the question of this model at ${address}`,
      values: { address },
    },
  }),
  codeArrived: (values: { baudRate: number; terminator: string; length: number }): Found => ({
    certainty: 'heard',
    evidence: {
      code: 'code-arrived',
      message: `a code of ${values.length} bytes arrived at ${values.baudRate} baud, ended by ${values.terminator}`,
      values: {
        baudRate: String(values.baudRate),
        terminator: values.terminator,
        length: String(values.length),
      },
    },
  }),
  heard: (baudRate: number): Found => ({
    certainty: 'heard',
    evidence: {
      code: 'spoke-by-itself',
      message: `it speaks by itself as this model does, at ${baudRate} baud`,
      values: { baudRate: String(baudRate) },
    },
  }),
  identity: (port: Pick<FoundPort, 'path' | 'usb' | 'hid'>, says: string): Found => {
    const identity = port.usb ? usbIdentity(port.usb) : port.path
    return {
      certainty: 'identity',
      evidence: {
        code: port.hid ? 'hid-usage' : 'usb-identity',
        message: `it says of itself that it is ${says} (${identity})`,
        values: { identity, says },
      },
    }
  },
} as const
