import { spawn } from 'node:child_process'
import { flushCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { builtScreens } from './built-screens.ts'
import { logTo } from './log.ts'
import { startTerminal } from './terminal-main.ts'

/** The screen has come by then. */
const FLUSH_AFTER_MS = 1000

const project = join(import.meta.dirname, '..')

const { values } = parseArgs({
  options: {
    terminal: { type: 'string', default: join(project, 'config', 'terminals', 'demo.json') },
    data: { type: 'string', default: join(project, 'data') },
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
    'reset-technician': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  process.stdout.write(`npm start -- [--terminal FILE] [--data DIR] [--port N] [--no-open] [--reset-technician]

  --terminal  the terminal's configuration (config/terminals/demo.json: a simulated terminal)
  --data      where everything this site writes is kept (data/)
  --port      loopback port, instead of the one in the configuration
  --no-open   do not open a browser
  --reset-technician   print a link by which a technician whose PIN is forgotten gets a new one
`)
  process.exit(0)
}

const dataFolder = resolve(values.data)

try {
  const terminal = await startTerminal({
    terminalFile: resolve(values.terminal),
    dataFolder,
    screens: await builtScreens(),
    log: logTo(process.stderr),
    recoverTechnician: values['reset-technician'],
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
  })
  const url = terminal.launchUrl()
  const technicianUrl = terminal.technicianUrl()
  const technicians = technicianUrl.includes('#')
    ? `A technician’s account is made by this link, once:\n  ${technicianUrl}`
    : `Technicians: ${technicianUrl}`
  process.stdout.write(
    `\n  Hall Kiosk, terminal ${terminal.terminalId}\n  Open this link once, within five minutes:\n  ${url}\n\n  ${technicians}\n\n`,
  )
  if (!values['no-open']) openBrowser(url)
  stopOnSignals(() => terminal.close())
  terminal.failed.addEventListener('abort', () => {
    // The service manager starts us again; a door that stays shut until somebody comes would be the worse failure.
    process.stderr.write(`Hall Kiosk ends, to be started again: ${terminal.failed.reason}\n`)
    const end = () => process.exit(1)
    terminal.close().then(end, end)
  })
  // A kiosk is switched off at the wall and hardly ever ends by itself: then nothing would be kept for the next start. Not
  // before the screens have come, though: it takes a quarter of a second in which nobody is answered.
  setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref()
} catch (error) {
  // Whoever starts a terminal wants to know what to mend, not where our code stood.
  process.stderr.write(
    `Hall Kiosk did not start.\n${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exit(1)
}

/** Opens the visitor's screen where there is a desktop; on a bare server the printed link is enough. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['explorer', url]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', url]
  if (command === undefined) return
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  const browser = spawn(command, args, { stdio: 'ignore', detached: true })
  browser.on('error', () => {})
  browser.unref()
}

function stopOnSignals(close: () => Promise<void>): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
