import { frames } from '../../lib/frames.ts'
import { encodeLine, type Terminator } from '../../lib/lines.ts'
import { searchFrame } from '../../lib/search.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../../lib/simulated-head.ts'
import type { Simulator } from '../../simulation.ts'
import { commandAt, encodeReply, type Gm65Command, modes, resultDone, Zone } from './codec.ts'

export interface Gm65Simulation extends HeadSimulation {
  readonly prefix?: string
  readonly aimId?: boolean
  readonly terminator?: Exclude<Terminator, 'none'>
  readonly stxEtx?: boolean
  readonly aim?: string
  /** `command`: reads one code after it was told to. The others read by themselves. */
  readonly mode?: (typeof modes)[number]
}

export interface Gm65Controls extends ScannerControls {
  readonly triggered: boolean
  /** A module that hears and says nothing. */
  silent(silent: boolean): void
  /** A module that answers every command with a failure. */
  refusing(refusing: boolean): void
  /** A code that is already there: read the moment the trigger comes, right behind the acknowledgement. */
  lay(code: string): void
}

const resultFailed = 0x01
/** Light on, sound on, as delivered. */
const settingsAboveMode = 0xd4

/** A GM65-class module made of software. */
export function simulateGm65(options: Gm65Simulation = {}): Simulator<Gm65Controls> {
  const { prefix = '', aimId = false, terminator = 'cr', stxEtx = false, aim = ']Q1' } = options
  const { mode = 'sensing' } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, terminator, stxEtx, maxLength: Infinity }
  const head = simulatedHead(options)
  const state = { triggered: false, silent: false, refusing: false, laid: undefined as string | undefined }

  async function obey({ type, address, data }: Gm65Command) {
    if (state.silent) return
    if (state.refusing) return head.send(encodeReply({ result: resultFailed, data: Uint8Array.of(0) }))
    const value = address === Zone.mode ? settingsAboveMode | modes.indexOf(mode) : 0
    const reply = encodeReply({ result: resultDone, data: Uint8Array.of(type === 'read' ? value : 0) })
    if (type === 'write' && address === Zone.trigger) state.triggered = data === 1
    const code = state.triggered && state.laid !== undefined ? read(Buffer.from(state.laid)) : undefined
    await head.send(code ? Buffer.concat([reply, code]) : reply)
  }

  function read(bytes: Uint8Array): Uint8Array | undefined {
    if (state.silent || (mode === 'command' && !state.triggered)) return undefined
    state.triggered = false
    return encodeLine(format, { bytes, aim })
  }

  return {
    attach(far) {
      head.attach(far)
      const listen = async () => {
        const codec = { decode: (bytes: Uint8Array) => searchFrame(bytes, commandAt) }
        for await (const command of frames(far.bytes, codec)) await obey(command)
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
      refusing(refusing) {
        state.refusing = refusing
      },
      lay(code) {
        state.laid = code
      },
    },
  }
}
