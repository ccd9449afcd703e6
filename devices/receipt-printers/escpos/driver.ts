import { definePerJobDriver, type PerJobSession } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import type { PrinterStatus, PrintJob, PrintResult } from '../../kinds.ts'
import { inTurn } from '../../lib/in-turn.ts'
import type { StreamLink } from '../../link/link.ts'
import { type Dialogue, openDialogue } from './dialogue.ts'
import { becomeReady, checkPrintable, type JobSetting, printJob } from './job.ts'
import { baudRateOf, type EscposOptions, escposOptionsSchema, transportLink } from './options.ts'
import { presenterOf } from './presenter.ts'
import { clearRest, freshMemory } from './printer-memory.ts'
import type { PrinterProfile } from './profile.ts'
import { askStatus, clearBuffers, recognise } from './questions.ts'
import { type DrawnJob, withGlyphs } from './rare.ts'
import { readProfile } from './read-profile.ts'
import { type PrinterAnswer, statusFromAsb } from './status.ts'

type Session = PerJobSession<'receipt-printer', EscposOptions>

const unreachable: PrinterStatus = { paper: 'unknown', cover: 'unknown', fault: 'offline' }

/** Thermal receipt printers that speak ESC/POS, over network, serial line or USB printer class. */
export const escpos = definePerJobDriver({
  connection: 'per-job',
  linkKind: 'stream',
  id: 'escpos',
  kind: 'receipt-printer',
  label: 'ESC/POS receipt printer (network, serial, USB)',
  wire: async () => (await import('./wire.ts')).wire,
  options: escposOptionsSchema,
  link: transportLink,

  start: async (session: Session) => startPrinter(session, readProfile(session.options.profile)),
})

/** The driver's `start` with a profile of the caller's: for a model that is being tried out. */
export async function startPrinter(session: Session, profile: PrinterProfile) {
  const { clock, signal, options } = session
  const memory = freshMemory()
  const { report, reportExit } = statusReporter(session)
  const presenter = presenterOf(profile, {
    rules: options.presenter,
    clock,
    signal,
    isJammed: () => memory.told?.fault === 'paper-jam',
    onExit: reportExit,
  })
  const baudRate = baudRateOf(options)
  const setting: JobSetting = { profile, clock, signal, memory, presenter, baudRate, report }
  const talk = talker(session, listener(session, setting))
  const turn = inTurn()

  report(await talk((dialogue, link) => greet(dialogue, link, setting)))

  async function check(): Promise<PrinterStatus> {
    const status = await talk(async (dialogue) => {
      if (memory.uncleared) await clearRest(dialogue, memory)
      return await askStatus(dialogue, profile)
    }).catch(() => unreachable)
    if (!signal.aborted) report(status)
    return status
  }

  // Ends with the run; `check` itself never rejects.
  watch(session, () => turn(check)).catch(() => {})

  return {
    nearEndTailMm: profile.nearEndTailMm,
    check: () => turn(check),
    print: (job: PrintJob) => turn(() => print(job, { session, setting, talk })),
  }
}

async function watch({ clock, signal, options }: Session, check: () => Promise<unknown>) {
  while (!signal.aborted) {
    await clock.sleep(options.checkEveryMs, signal)
    await check()
  }
}

interface Printing {
  readonly session: Session
  readonly setting: JobSetting
  readonly talk: ReturnType<typeof talker>
}

async function print(job: PrintJob, { session, setting, talk }: Printing): Promise<PrintResult> {
  const { report } = setting
  const notStarted = (fault: PrintResult['fault']): PrintResult => ({
    outcome: 'not-started',
    fault,
    paperLow: false,
  })
  let drawn: DrawnJob
  try {
    drawn = await withGlyphs(job, setting.profile)
    checkPrintable(drawn, setting.profile)
  } catch (error) {
    // The message names a character of the visitor's document, so it is not logged.
    session.log('a slip cannot be printed as it is', {
      error: error instanceof DeviceError ? error.code : 'defect',
    })
    return notStarted('unprintable')
  }
  let opened = false
  try {
    const result = await talk((dialogue) => {
      opened = true
      return printJob(dialogue, drawn, setting)
    })
    if (result.fault === 'no-answer') report({ paper: 'unknown', cover: 'unknown', fault: 'no-answer' })
    return result
  } catch (error) {
    session.log('the printer could not be reached', {
      error: error instanceof DeviceError ? error.code : 'defect',
    })
    if (!opened && !session.signal.aborted) report(unreachable)
    return notStarted(opened ? 'link-lost' : 'offline')
  }
}

/** Is it an ESC/POS printer, how is it, and is nothing of an earlier run left in it? */
async function greet(dialogue: Dialogue, link: StreamLink, setting: JobSetting): Promise<PrinterStatus> {
  const { profile } = setting
  if (profile.status.eot.length > 0) {
    const found = await recognise(dialogue)
    if (found === 'silent')
      throw new DeviceError(
        'timeout',
        `${link.name}: the printer does not answer; check power, cable and speed`,
      )
    if (found === 'other')
      throw new DeviceError('wrong-device', `${link.name}: what answers there is no ESC/POS printer`)
    await clearBuffers(dialogue)
  }
  const status = await askStatus(dialogue, profile)
  if (status.fault) return status
  return await becomeReady(dialogue, status, setting)
}

/** One dialogue a link: a serial line stays open from job to job, and its bytes have one reader. */
function talker({ clock, signal, useLink }: Session, onAnswer: (answer: PrinterAnswer) => void) {
  const dialogues = new WeakMap<StreamLink, Dialogue>()
  return <Result>(talk: (dialogue: Dialogue, link: StreamLink) => Promise<Result>): Promise<Result> =>
    useLink(async (link) => {
      const dialogue = dialogues.get(link) ?? openDialogue(link, { clock, signal, onAnswer })
      dialogues.set(link, dialogue)
      return await talk(dialogue, link)
    })
}

/** Hears everything the printer says, whether or not anybody waits for it. */
function listener({ emit }: Session, { memory, profile, report }: JobSetting) {
  return (answer: PrinterAnswer) => {
    if (answer.type === 'asb') {
      memory.told = statusFromAsb(answer.bytes, profile.bits)
      report(memory.told)
    }
    if (answer.type === 'process-id' && answer.processId === memory.unproven) {
      memory.unproven = undefined
      emit({ type: 'late-proof', processId: answer.processId })
    }
  }
}

/** Tells the agent how the printer is, when that changed. */
function statusReporter({ emit, log }: Session) {
  let last: PrinterStatus | undefined
  let slipAtExit: boolean | undefined

  function report(status: PrinterStatus) {
    const { paper, cover, fault } = status
    const same = last?.paper === paper && last.cover === cover && last.fault === fault
    if (same && last?.slipAtExit === slipAtExit) return
    last = { ...status, ...(slipAtExit === undefined ? {} : { slipAtExit }) }
    log('printer status', { paper, cover, fault: fault ?? 'none' })
    emit({ type: 'paper', status: last })
  }

  function reportExit(atExit: boolean) {
    slipAtExit = atExit
    if (last) report(last)
  }

  return { report, reportExit }
}
