import {
  type SamControls,
  type SamSimulatorOptions,
  simulatedReader,
} from '../../lib/sam/simulated-reader.ts'
import { ByteQueue } from '../../link/byte-queue.ts'
import type { PipesSimulator } from '../../simulation.ts'
import { HEAD_BYTES } from './codec.ts'

export interface SamUsbSimulatorOptions extends SamSimulatorOptions {
  /** `whole`: one pipe each way. */
  readonly pipes?: 'split' | 'whole'
}

/** A reader 0400:C35A made of software: the simulated module behind four pipes, or two. */
export function simulateSamUsb(options: SamUsbSimulatorOptions = {}): PipesSimulator<SamControls> {
  const isWhole = options.pipes === 'whole'
  const { attach, controls } = simulatedReader(options)
  return {
    linkKind: 'pipes',
    controls,
    attach({ closed, send }) {
      const bytes = new ByteQueue()
      closed.addEventListener('abort', () => bytes.end(), { once: true })
      attach({
        kind: 'stream',
        name: 'simulated reader',
        bytes,
        closed,
        async write(answer) {
          if (isWhole) return send(1, answer)
          send(1, answer.subarray(0, HEAD_BYTES))
          send(5, answer.subarray(HEAD_BYTES))
        },
        async close() {},
      })
      return {
        endpoints: isWhole ? { in: [1], out: [2] } : { in: [1, 5], out: [2, 6] },
        received: (_endpoint, request) => bytes.push(request),
      }
    },
  }
}
