import type { StreamLink } from '../link/link.ts'
import { asking } from './asking.ts'
import { fitsQuestion, type ModbusAnswer, type ModbusRequest, type ModbusUse } from './modbus-pdu.ts'
import type { ModbusLine, ModbusLineOptions } from './modbus-rtu-line.ts'
import { modbusTcpMaster, type Numbered } from './modbus-tcp.ts'

/**
 * One Modbus TCP device on its connection. An answer bears the number of its question, so a late one is never taken for
 * the next; numbers begin anew with each connection, which brings no answers of an older one.
 */
export function modbusTcpLine(link: StreamLink, options: ModbusLineOptions, use: ModbusUse): ModbusLine {
  let transaction = 0
  const numbered = asking<Numbered<ModbusRequest>, Numbered<ModbusAnswer>>(link, {
    ...options,
    codec: modbusTcpMaster(options.unit, use),
    maxLength: 300,
    sortOfQuestion: (question) => question.transaction,
    sortOfAnswer: (answer) => answer.transaction,
    fits: (question, answer) =>
      question.transaction === answer.transaction && fitsQuestion(question.body, answer.body),
  })
  return {
    name: numbered.name,
    clock: numbered.clock,
    heard: numbered.heard,
    certain: () => true,
    async ask(body, limits) {
      transaction = (transaction + 1) & 0xffff
      return (await numbered.ask({ transaction, body }, limits)).body
    },
  }
}
