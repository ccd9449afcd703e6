import { modbusRtuDevice, modbusRtuMaster } from '../../lib/modbus-rtu.ts'
import { modbusRtuWire } from '../../lib/wire/modbus-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { entries, questionsFor, type RegisterMap, readMap, useFor } from './codec.ts'

/** Questions for the map's registers, and the temperatures in the answers. */
export const wire: OpenWire<{ readonly unit: number; readonly map: RegisterMap }> = ({ unit, map }) =>
  modbusRtuWire({
    host: modbusRtuMaster(unit, useFor(map)),
    device: modbusRtuDevice(unit, useFor(map)),
    describe: {
      answer(answer) {
        // The map is read whole only where one question reads it.
        const values = questionsFor(map).length === 1 ? readMap(map, [answer]) : undefined
        return (
          values &&
          entries(map)
            .map(([name]) => `${name} ${(values[name] ?? 0) / 100} °C`)
            .join(', ')
        )
      },
    },
  })
