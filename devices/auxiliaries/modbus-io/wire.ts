import { modbusRtuWire } from '../../lib/wire/modbus-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { ioBoard, ioMaster, switched } from './codec.ts'

/** Inputs as read, outputs as switched. */
export const wire: OpenWire<{ readonly unit: number }> = ({ unit }) =>
  modbusRtuWire({
    host: ioMaster(unit),
    device: ioBoard(unit),
    describe: {
      request(request) {
        if (request.function !== 5) return undefined
        const { output, on } = switched(request)
        return `switch output ${output} ${on ? 'on' : 'off'}`
      },
    },
  })
