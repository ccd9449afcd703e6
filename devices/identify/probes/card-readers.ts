import { samHost } from '../../lib/sam/codec.ts'
import { Question } from '../../lib/sam/requests.ts'
import { Status } from '../../lib/sam/status-codes.ts'
import { framed, type Probe } from '../probe.ts'

const { request } = Question.status

/** Status / self-test, 11 FF. The preamble of every question is three times the "on" of a single-byte relay board. */
const samSerial: Probe = {
  kind: 'id-card-reader',
  bauds: [115_200, 9600, 57_600, 38_400, 19_200],
  asks: [samHost.encode(request)],
  waitMs: 1000,
  // A module that fails its self-test is a module, too.
  proven: framed(
    samHost,
    ({ sw1, sw2, status, data }) =>
      sw1 === 0 &&
      sw2 === 0 &&
      data.length === 0 &&
      (status === Status.ok || status === Status.selfTestFailed),
  ),
  onlyIfClaimed: 'relay-order',
  suggestions: [{ driver: 'sam-serial', options: (baudRate) => ({ baudRate }) }],
}

export const cardReaderProbes: readonly Probe[] = [samSerial]
