import { awaitCode } from './await-code.ts'
import { commandsOf, PERSON_MS, type Procedure, seconds } from './procedure.ts'
import { isTestCode } from './test-slip.ts'

/** Reads one code and tells everything about it but what it says. */
export const readCode: Procedure = async (running) => {
  const code = await awaitCode(running, commandsOf(running, 'code-scanner'), {
    ask: 'show-code',
    take: ({ bytes, aim }) => ({ bytes, aim }),
  })
  if (!code) {
    running.find('time-over', { seconds: seconds(PERSON_MS) }, false)
    return false
  }
  const { bytes, aim } = code
  const facts = { bytes: String(bytes.length), charset: charsetOf(bytes) }
  running.find('code-read', { ...facts, ...(aim === undefined ? {} : { aim }) }, true)
  running.find(isTestCode(Buffer.from(bytes).toString('latin1')) ? 'own-test-code' : 'not-own-code')
  return true
}

/** What the bytes can be read as, the narrowest first. */
export function charsetOf(bytes: Uint8Array): 'ascii' | 'utf-8' | 'gb18030' | 'binary' {
  if (bytes.every((byte) => byte >= 0x09 && byte < 0x7f)) return 'ascii'
  for (const charset of ['utf-8', 'gb18030'] as const) {
    try {
      new TextDecoder(charset, { fatal: true }).decode(bytes)
      return charset
    } catch {
      // the next one
    }
  }
  return 'binary'
}
