/** How a maker's heads are told to read, over HID. Every report begins with its id. */
export interface CommandSet {
  /** Sent once as a feature report: lets the head take commands. */
  readonly prepare?: readonly number[]
  trigger(on: boolean): Uint8Array
}

const commandBytes = 62

/** `[id][length][command, at most 62 bytes]`, padded. */
function command(id: number, bytes: readonly number[]): Uint8Array {
  const report = new Uint8Array(2 + commandBytes)
  report.set([id, bytes.length, ...bytes])
  return report
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))

export const commandSets = {
  /** SYN T CR and SYN U CR; Honeywell and Access-IS guides. Feature report 254 switches to HID mode. */
  honeywell: { prepare: [0xfe, 0x01], trigger: (on) => command(0xfd, [0x16, on ? 0x54 : 0x55, 0x0d]) },
  /** The "unified" command of the serial heads in output report 4, from one published program. */
  newland: { trigger: (on) => command(0x04, ascii(`~\x010000#SCNTRG${on ? 1 : 0};\x03`)) },
} as const satisfies Record<string, CommandSet>

export type CommandSetName = keyof typeof commandSets

/** The command in an output report, for simulators; undefined when it is none. */
export function readCommand(report: Uint8Array): Uint8Array | undefined {
  const [id, length = 0] = report
  return id === 0xfd || id === 0x04 ? report.subarray(2, 2 + length) : undefined
}
