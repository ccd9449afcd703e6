import type { Request, Response } from 'express'

/** A stream of one kind of server-sent event: the newest value at once, then every new one. There is no history. */
export interface EventStream {
  readonly connect: (request: Request, response: Response) => void
  /** Something may have changed: sends the newest value if it did. Calls in one turn of the event loop become one. */
  changed(): void
  close(): void
}

const BEAT_EVERY_MS = 5000
/** More screens than this on one terminal is a mistake or an attack. */
const MAXIMUM_CLIENTS = 8

export interface Rendered {
  readonly data: string
  /** Two values with the same signature look the same: the second is not sent. */
  readonly signature: string
}

export function createEventStream(name: string, render: () => Rendered): EventStream {
  const clients = new Set<Response>()
  let sent: string | undefined
  let scheduled = false

  const beat = setInterval(() => {
    for (const client of clients) send(client, 'beat', '{}')
  }, BEAT_EVERY_MS)
  beat.unref()

  function send(client: Response, event: string, data: string): void {
    // A screen that does not read gets the newest state when it reads again, not a backlog.
    if (client.writableNeedDrain) return
    client.write(`event: ${event}\ndata: ${data}\n\n`)
  }

  function publish(): void {
    scheduled = false
    const { data, signature } = render()
    if (signature === sent) return
    sent = signature
    for (const client of clients) send(client, name, data)
  }

  return {
    connect(request, response) {
      if (clients.size >= MAXIMUM_CLIENTS) {
        response.status(503).json({ error: 'Too many screens are connected to this terminal.' })
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      // Without it the screen would wait for the first event.
      response.flushHeaders()
      clients.add(response)
      const { data } = render()
      send(response, name, data)
      response.on('drain', () => send(response, name, render().data))
      request.on('close', () => clients.delete(response))
    },
    changed() {
      if (scheduled) return
      scheduled = true
      setImmediate(publish)
    },
    close() {
      clearInterval(beat)
      for (const client of clients) client.end()
    },
  }
}
