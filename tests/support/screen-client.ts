import type { Bench, BenchAction, Intent, Snapshot } from '../../kiosk-agent/api/contract.ts'

/** A screen without a browser: signs in with a launch link, follows the events, sends intents. */
export interface ScreenClient {
  readonly snapshot: Snapshot
  readonly bench: Bench | undefined
  /** Every snapshot seen, oldest first. */
  readonly history: readonly Snapshot[]
  until(holds: (snapshot: Snapshot) => boolean, what?: string, limitMs?: number): Promise<Snapshot>
  send(intent: Intent): Promise<number>
  act(action: BenchAction): Promise<number>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  readonly cookie: string
  close(): void
}

export async function openScreen(launchUrl: string): Promise<ScreenClient> {
  const url = new URL(launchUrl)
  const token = url.hash.replace('#token=', '')
  const { origin } = url
  const over = new AbortController()
  let cookie = ''

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, origin), {
      method: 'POST',
      headers: { origin, cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  const signedIn = await post('/api/sign-in', { token })
  if (signedIn.status !== 204) throw new Error(`sign-in: ${signedIn.status} ${await signedIn.text()}`)
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''

  const history: Snapshot[] = []
  let bench: Bench | undefined
  let wake = () => {}
  const follow = async (path: string, take: (data: string) => void) => {
    const response = await fetch(new URL(path, origin), { headers: { cookie }, signal: over.signal })
    if (!response.ok || !response.body) return
    let text = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const [event = '', data = ''] = block.split('\n')
        if (!event.endsWith(' beat')) take(data.replace('data: ', ''))
      }
      wake()
    }
  }
  follow('/api/events', (data) => history.push(JSON.parse(data))).catch(() => {})
  follow('/api/bench/events', (data) => {
    bench = JSON.parse(data)
  }).catch(() => {})

  async function until(holds: (snapshot: Snapshot) => boolean, what = 'the screen', limitMs = 10_000) {
    const end = performance.now() + limitMs
    for (;;) {
      const newest = history.at(-1)
      if (newest && holds(newest)) return newest
      const left = end - performance.now()
      if (left <= 0) throw new Error(`${what} never came; the last was ${JSON.stringify(newest)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 500))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  await until(() => true, 'the first snapshot')
  return {
    get snapshot() {
      const newest = history.at(-1)
      if (!newest) throw new Error('no snapshot yet')
      return newest
    },
    get bench() {
      return bench
    },
    history,
    until,
    send: async (intent) => (await post('/api/intents', intent)).status,
    act: async (action) => (await post('/api/bench/actions', action)).status,
    post,
    cookie,
    close: () => over.abort(),
  }
}
