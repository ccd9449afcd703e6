import { type ClientRequest, type IncomingMessage, request } from 'node:http'

export interface StreamEvent {
  readonly event: string
  readonly data: string
}

/** One connection to an event stream, read as slowly as a test likes. */
export interface EventReader {
  readonly status: number
  readonly events: readonly StreamEvent[]
  readonly closed: boolean
  /** Stops reading: the sender's buffers fill. */
  pause(): void
  resume(): void
  close(): void
}

export function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (response) => resolve(readerOf(asked, response)))
    asked.on('error', reject)
    asked.end()
  })
}

function readerOf(asked: ClientRequest, response: IncomingMessage): EventReader {
  const events: StreamEvent[] = []
  let text = ''
  let closed = false
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const [event = '', data = ''] = block.split('\n')
      events.push({ event: event.replace('event: ', ''), data: data.replace('data: ', '') })
    }
  })
  response.on('close', () => {
    closed = true
  })
  response.on('error', () => {})
  return {
    status: response.statusCode ?? 0,
    events,
    get closed() {
      return closed
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => asked.destroy(),
  }
}
