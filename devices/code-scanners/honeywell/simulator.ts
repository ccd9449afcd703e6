import { frames } from '../../lib/frames.ts'
import { encodeLine, type Terminator } from '../../lib/lines.ts'
import { searchFrame } from '../../lib/search.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../../lib/simulated-head.ts'
import type { Simulator } from '../../simulation.ts'
import { commandAt, encodeAnswer, type HostCommand, type MenuAnswer, revision } from './codec.ts'

export interface HoneywellSimulation extends HeadSimulation {
  readonly prefix?: string
  readonly aimId?: boolean
  readonly terminator?: Exclude<Terminator, 'none'>
  readonly stxEtx?: boolean
  readonly aim?: string
  /** `presentation`: reads by itself. `trigger`: reads one code after it was told to. */
  readonly mode?: 'presentation' | 'trigger'
  /** The answer to the question for the revision. */
  readonly revision?: string
  readonly status?: MenuAnswer['status']
}

export interface HoneywellControls extends ScannerControls {
  readonly triggered: boolean
  /** A head that hears and says nothing. */
  silent(silent: boolean): void
  /** Says its revision unasked, as after a question of the connection before. */
  tellRevision(): Promise<void>
}

const defaultRevision =
  'Product Name: N8680\r\nBoot Revision: CA000064BBC\r\nSoftware Part Number: CA000064BBC\r\n'

/** A Honeywell imager made of software. */
export function simulateHoneywell(options: HoneywellSimulation = {}): Simulator<HoneywellControls> {
  const { prefix = '', aimId = false, terminator = 'cr', stxEtx = false, aim = ']Q1' } = options
  const { mode = 'presentation', revision: text = defaultRevision, status = 'done' } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, terminator, stxEtx, maxLength: Infinity }
  const head = simulatedHead(options)
  const state = { triggered: false, silent: false }

  async function obey(command: HostCommand) {
    if (state.silent) return
    if (typeof command === 'string') {
      state.triggered = command === 'trigger-on'
      return
    }
    const known = command.menu === revision
    if (known && status === 'done') return head.send(encodeAnswer(command.menu, { text, status }))
    await head.send(encodeAnswer(command.menu, { text: '', status: known ? status : 'unknown-command' }))
  }

  function read(bytes: Uint8Array): Uint8Array | undefined {
    if (state.silent || (mode === 'trigger' && !state.triggered)) return undefined
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
      tellRevision: () => head.send(encodeAnswer(revision, { text, status: 'done' })),
    },
  }
}
