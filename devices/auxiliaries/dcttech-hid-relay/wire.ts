import { type OpenWire, plain, unexplained } from '../../lib/wire/wire.ts'
import { readOrder, readState } from './codec.ts'

/** Orders and states of the relays. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: {
    gapMs: undefined,
    push(report) {
      const order = readOrder(report)
      return [
        order ? plain(report, `relay ${order.relay} ${order.on ? 'on' : 'off'}`) : unexplained(report.length),
      ]
    },
    flush: () => [],
  },
  fromDevice: {
    gapMs: undefined,
    push(report) {
      const state = readState(report)
      if (!state) return [unexplained(report.length)]
      return [plain(report, `board ${state.name}, relays ${state.relays.toString(2).padStart(8, '0')}`)]
    },
    flush: () => [],
  },
})
