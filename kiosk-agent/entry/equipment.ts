import type { Commands, Kind, PrinterStatus } from '../../devices/kinds.ts'
import type { DeviceHub } from '../device-hub.ts'

/** The devices at this door, as far as a decision or the screen depends on them. */
export interface Equipment {
  isOnline(kind: Kind): boolean
  gate(): Commands<'gate'> | undefined
  printer(): Commands<'receipt-printer'> | undefined
  reader(): Commands<'id-card-reader'> | undefined
  scanner(): Commands<'code-scanner'> | undefined
  /** Every board around the kiosk that is online: sensors may hang on one, lights on another. */
  auxiliaries(): readonly Commands<'auxiliaries'>[]
  /** The printer told how it is. */
  onPaper(status: PrinterStatus): void
  /** Devices came or went: what one that is gone had told is forgotten. */
  refresh(): void
  /** Somebody is at the door, or nobody is: tells the thermometer once for each change and each connection. */
  attend(somebody: boolean): void
  printerState(): 'ok' | 'paper-low' | 'cannot-print'
}

export function createEquipment(
  hub: () => Pick<DeviceHub, 'devices' | 'commands' | 'commandsOf'>,
): Equipment {
  let paper: PrinterStatus | undefined
  let attended: { commands: Commands<'thermometer'>; somebody: boolean } | undefined
  const printer = () => hub().commands('receipt-printer')
  return {
    isOnline: (kind) => hub().devices.some((device) => device.kind === kind && device.state === 'online'),
    gate: () => hub().commands('gate'),
    printer,
    reader: () => hub().commands('id-card-reader'),
    scanner: () => hub().commands('code-scanner'),
    auxiliaries: () =>
      hub().devices.flatMap(({ id, kind }) => {
        const board = kind === 'auxiliaries' ? hub().commandsOf(id) : undefined
        return board?.kind === 'auxiliaries' ? [board.commands] : []
      }),
    onPaper(status) {
      paper = status
    },
    refresh() {
      if (!printer()) paper = undefined
    },
    attend(somebody) {
      const commands = hub().commands('thermometer')
      if (!commands || (attended?.commands === commands && attended.somebody === somebody)) return
      attended = { commands, somebody }
      commands.attend?.(somebody)
    },
    printerState() {
      if (!printer() || paper?.fault) return 'cannot-print'
      return paper?.paper === 'low' ? 'paper-low' : 'ok'
    },
  }
}
