import {
  encodeCommand as gm65Command,
  replyAt as gm65Reply,
  readMode,
  resultDone,
} from '../../code-scanners/gm65/codec.ts'
import { answerTo, encodeMenu, revision } from '../../code-scanners/honeywell/codec.ts'
import {
  Command,
  encodeCommand as newlandCommand,
  replyAt as newlandReply,
} from '../../code-scanners/newland/codec.ts'
import {
  heartbeat,
  obeyed,
  scan,
  Command as VguangCommand,
  vguangHost,
} from '../../code-scanners/vguang/codec.ts'
import { longestPacket, Opcode, command as ssiCommand, ssiHost } from '../../code-scanners/zebra-ssi/codec.ts'
import { searchFrame } from '../../lib/search.ts'
import { ended, framed, type Probe, type Suggestion, type Voice } from '../probe.ts'

const atBaud = (driver: Suggestion['driver']): Suggestion[] => [
  { driver, options: (baudRate) => ({ baudRate }) },
]
const longestCode = 4096

/** Request revision. */
const zebraSsi: Probe = {
  kind: 'code-scanner',
  bauds: [9600, 115_200, 19_200, 38_400, 57_600],
  asks: [ssiHost.encode(ssiCommand(Opcode.requestRevision))],
  waitMs: 400,
  proven: framed(ssiHost, ({ opcode }) => opcode === Opcode.replyRevision, longestPacket),
  suggestions: atBaud('zebra-ssi'),
}

/** Reads the setting of the reading mode. */
const gm65: Probe = {
  kind: 'code-scanner',
  bauds: [9600, 115_200, 57_600, 38_400, 19_200],
  asks: [gm65Command(readMode)],
  waitMs: 300,
  proven: framed(
    { decode: (bytes) => searchFrame(bytes, gm65Reply) },
    ({ result, data }) => result === resultDone && data.length === 1,
  ),
  suggestions: atBaud('gm65'),
}

/** Asks for the system's text. */
const newland: Probe = {
  kind: 'code-scanner',
  bauds: [9600, 115_200, 57_600, 38_400, 19_200],
  asks: [newlandCommand(Command.querySystem)],
  waitMs: 500,
  proven: ended(newlandReply, ({ text }) => text.startsWith(Command.querySystem), 0x02),
  suggestions: atBaud('newland'),
}

/** Asks for the revision. CR is part of the question, and a printer may feed a line for it. */
const honeywell: Probe = {
  kind: 'code-scanner',
  bauds: [9600, 115_200, 57_600, 38_400, 19_200],
  asks: [encodeMenu(revision)],
  waitMs: 500,
  proven: ended(
    (bytes) => answerTo(revision, bytes),
    ({ status }) => status === 'done',
  ),
  onlyIfClaimed: 'paper-feed',
  suggestions: atBaud('honeywell'),
}

/** Switches scanning on, as the driver does at every start: these heads have no milder question. Begins 55 AA. */
const vguang: Probe = {
  kind: 'code-scanner',
  bauds: [115_200, 9600, 57_600, 38_400, 19_200],
  asks: [vguangHost(longestCode).encode(scan(true))],
  waitMs: 300,
  proven: framed(
    vguangHost(longestCode),
    ({ command, flag, data }) => command === VguangCommand.scan && flag === obeyed && data.length < 16,
  ),
  onlyIfClaimed: 'relay-order',
  suggestions: atBaud('vguang'),
}

export const codeScannerProbes: readonly Probe[] = [zebraSsi, gm65, newland, honeywell, vguang]

/** Whoever has shown a code to it: then it is a scanner, and these questions are for scanners. */
export const lineScannerProbes: readonly Probe[] = [gm65, newland, honeywell]

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

export const codeScannerVoices: readonly Voice[] = [
  {
    kind: 'code-scanner',
    proven: (bytes) =>
      text(bytes).includes(heartbeat) ||
      framed(
        vguangHost(longestCode),
        ({ command, flag }) => command === VguangCommand.code && flag === obeyed,
      )(bytes),
    suggestions: atBaud('vguang'),
  },
  {
    kind: 'code-scanner',
    proven: framed(
      ssiHost,
      ({ opcode, data }) => opcode === Opcode.decodeData && data.length > 1,
      longestPacket,
    ),
    suggestions: atBaud('zebra-ssi'),
  },
]
