import { Framer } from '../../lib/frames.ts'
import { encodeLine, type Terminator } from '../../lib/lines.ts'
import { searchFrame } from '../../lib/search.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../../lib/simulated-head.ts'
import type { Simulator } from '../../simulation.ts'
import { Command, commandAt, encodeReply, type ReplyStatus } from './codec.ts'

export interface NewlandSimulation extends HeadSimulation {
  readonly prefix?: string
  readonly aimId?: boolean
  readonly terminator?: Exclude<Terminator, 'none'>
  readonly stxEtx?: boolean
  readonly aim?: string
  /** `sense`: reads by itself. `trigger`: reads one code after it was told to. */
  readonly mode?: 'sense' | 'trigger'
  /** The answer to the query for the system. */
  readonly system?: string
}

export interface NewlandControls extends ScannerControls {
  readonly triggered: boolean
  /** A head that hears and says nothing. */
  silent(silent: boolean): void
  /** The status of every further reply. */
  answer(status: ReplyStatus): void
}

/** A Newland head made of software. */
export function simulateNewland(options: NewlandSimulation = {}): Simulator<NewlandControls> {
  const { prefix = '', aimId = false, terminator = 'cr', stxEtx = false, aim = ']Q1' } = options
  const { mode = 'sense', system = 'Product Name:FM430\r\nFirmware Version:1.02.015\r\n' } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, terminator, stxEtx, maxLength: Infinity }
  const head = simulatedHead(options)
  const state = { triggered: false, silent: false, status: 'done' as ReplyStatus }

  async function obey(command: string) {
    if (state.silent) return
    const known = Object.values<string>(Command).includes(command)
    const status = known ? state.status : 'unknown-command'
    if (status === 'done' && command !== Command.querySystem) state.triggered = command === Command.triggerOn
    const text = status === 'done' && command === Command.querySystem ? command + system : command
    await head.send(encodeReply({ text, status }))
  }

  function read(bytes: Uint8Array): Uint8Array | undefined {
    if (state.silent || (mode === 'trigger' && !state.triggered)) return undefined
    state.triggered = false
    return encodeLine(format, { bytes, aim })
  }

  return {
    attach(far) {
      head.attach(far)
      // A command ends with its ETX; what follows in the same chunk is the next one.
      const framer = new Framer({ decode: (bytes) => searchFrame(bytes, firstCommand) })
      const listen = async () => {
        for await (const chunk of far.bytes) for (const command of framer.push(chunk)) await obey(command)
      }
      void listen()
    },
    controls: {
      get triggered() {
        return state.triggered
      },
      show: (code) => head.show(code, read),
      silent(silent) {
        state.silent = silent
      },
      answer(status) {
        state.status = status
      },
    },
  }
}

const ETX = 0x03

function firstCommand(bytes: Uint8Array) {
  const end = bytes.indexOf(ETX)
  return commandAt(end === -1 ? bytes : bytes.subarray(0, end + 1))
}
