import type { FoundPort, Trouble } from '../../devices/identify/found.ts'
import { type Finding, fault, note, ok } from './finding.ts'

export interface ExaminedPorts {
  readonly ports: readonly FoundPort[]
  /** What is wrong with the machine as a whole. */
  readonly machine: readonly Trouble[]
  /** What the terminal's devices are reached over; `nothing` on a simulated terminal, which needs no port. */
  readonly uses: readonly string[] | 'nothing' | 'unknown'
  /** Ids of the ports on which configured devices hang. */
  readonly used?: ReadonlySet<string>
}

/** Every port, and what stands in its way. Whatever is plugged into a kiosk is there to be used. */
export function examinePorts({ ports, machine, uses, used = new Set() }: ExaminedPorts): Finding[] {
  const judge = uses === 'nothing' ? note : fault
  const perPort = ports.flatMap((port) =>
    port.troubles.length === 0
      ? [ok(port.label, described(port))]
      : port.troubles.map(({ code, message, cure }) =>
          // Many a computer has its console on a port that no kiosk needs.
          (code === 'system-console' && !used.has(port.id) ? note : judge)(port.label, message, cure),
        ),
  )
  // On a bare machine nothing is harmed by them, but the next device that is plugged in may be.
  const perMachine = machine
    .filter(({ code }) => !ports.some(({ troubles }) => troubles.some((each) => each.code === code)))
    .map((trouble) => (harms(trouble, ports, uses) ? judge : note)('machine', trouble.message, trouble.cure))
  const none =
    ports.length === 0 ? [note('ports', 'no serial port, HID or USB device of a kiosk is plugged in')] : []
  return [...none, ...perPort, ...perMachine]
}

function harms({ code }: Trouble, ports: readonly FoundPort[], uses: ExaminedPorts['uses']): boolean {
  const inUse = typeof uses === 'string' ? [] : uses
  if (code === 'library-missing') {
    const wanted = [...inUse, ...ports.map(({ transport }) => transport)]
    return wanted.includes('hid') || wanted.includes('usb')
  }
  return (
    inUse.includes('serial') ||
    ports.some(({ transport, usb }) => transport === 'serial' && usb !== undefined)
  )
}

function described({ path, node, heldBy }: FoundPort): string {
  const held = heldBy?.kiosk ? ', open in the agent' : ''
  return path === node ? `${path}${held}` : `${path} (${node})${held}`
}
