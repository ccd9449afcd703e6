import { join } from 'node:path'
import type { WireSource } from '../../api/wire-stream.ts'
import type { ConsoleContext } from '../console-context.ts'
import { type ConsolePart, Refused } from '../console-part.ts'
import { createTraces } from './traces.ts'
import { wireFrame } from './wire-frame.ts'

export interface WirePart extends ConsolePart<'recording' | 'traces', 'record' | 'delete-trace'>, WireSource {
  /** Looks which traces there are. */
  start(): Promise<void>
}

/** What travels at each device, live and recorded. Everybody who is signed in may look: nothing personal is shown. */
export function createWirePart(context: ConsoleContext): WirePart {
  const { clock, folders, hub, ledger, log, wire } = context
  const isDevice = (device: string) => hub.configured.some(({ id }) => id === device)
  const traces = createTraces({
    folder: join(folders.terminal, 'traces'),
    wire,
    clock,
    log,
    restart: hub.restart,
    record: (...entries) => ledger.append(...entries),
    onChange: context.changed,
  })

  return {
    view: () => ({
      recording: [...traces.recording],
      traces: traces.list.map(({ at, ...file }) => ({ ...file, at: new Date(at).toISOString() })),
    }),
    commands: {
      record: {
        needs: 'vendor-mode',
        async run({ device, on }, { account }) {
          if (!isDevice(device)) throw new Refused('unknown-device', `There is no device "${device}".`)
          await (on ? traces.start(device, account) : traces.stop(device))
        },
      },
      'delete-trace': {
        needs: 'sign-in',
        async run({ name }, { account }) {
          if (!(await traces.delete(name, account)))
            throw new Refused('unknown-trace', 'There is no trace of this name.')
        },
      },
    },
    start: traces.open,
    watch(device, onFrame) {
      if (!isDevice(device)) return undefined
      return wire.watch(device, { onPiece: (piece) => onFrame(wireFrame(piece)) })
    },
    trace: traces.read,
    beforeLeaving: traces.close,
    close: traces.close,
  }
}
