import type { Commands, Kind, PrinterStatus } from '../../devices/kinds.ts'
import type { DeviceHub } from '../device-hub.ts'

/** The devices at this door, as far as a decision or the screen depends on them. */
export interface Equipment {
  isOnline(kind: Kind): boolean
  gate(): Commands<'gate'> | undefined
  printer(): Commands<'receipt-printer'> | undefined
  /** The printer told how it is. */
  onPaper(status: PrinterStatus): void
  /** Devices came or went: what one that is gone had told is forgotten. */
  refresh(): void
  printerState(): 'ok' | 'paper-low' | 'cannot-print'
}

export function createEquipment(hub: () => Pick<DeviceHub, 'devices' | 'commands'>): Equipment {
  let paper: PrinterStatus | undefined
  const printer = () => hub().commands('receipt-printer')
  return {
    isOnline: (kind) => hub().devices.some((device) => device.kind === kind && device.state === 'online'),
    gate: () => hub().commands('gate'),
    printer,
    onPaper(status) {
      paper = status
    },
    refresh() {
      if (!printer()) paper = undefined
    },
    printerState() {
      if (!printer() || paper?.fault) return 'cannot-print'
      return paper?.paper === 'low' ? 'paper-low' : 'ok'
    },
  }
}
