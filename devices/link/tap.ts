import type { AnyLink, HttpLink, PipesLink, ReportLink, StreamLink } from './link.ts'

/** Something that travelled over a link. */
export interface Passing {
  readonly direction: 'to-device' | 'from-device'
  readonly bytes: Uint8Array
  /** Of a HID device, when it was no input or output report. */
  readonly via?: 'feature'
  /** Of a web device, what the bytes are the body of: "GET /status", "200". */
  readonly about?: string
}

/** The same link with everything that travels told to `pass`, which must not throw. Costs a call a chunk. */
export function tapped(link: AnyLink, pass: (passing: Passing) => void): AnyLink {
  switch (link.kind) {
    case 'stream':
      return tappedStream(link, pass)
    case 'report':
      return tappedReport(link, pass)
    case 'pipes':
      return tappedPipes(link, pass)
    case 'http':
      return tappedHttp(link, pass)
  }
}

type Pass = (passing: Passing) => void

function tappedStream(link: StreamLink, pass: Pass): StreamLink {
  return {
    kind: 'stream',
    name: link.name,
    closed: link.closed,
    bytes: seen(link.bytes, (bytes) => pass({ direction: 'from-device', bytes })),
    write(bytes) {
      pass({ direction: 'to-device', bytes })
      return link.write(bytes)
    },
    close: () => link.close(),
  }
}

function tappedReport(link: ReportLink, pass: Pass): ReportLink {
  return {
    ...link,
    reports: seen(link.reports, (bytes) => pass({ direction: 'from-device', bytes })),
    writeOutput(report) {
      pass({ direction: 'to-device', bytes: report })
      return link.writeOutput(report)
    },
    sendFeature(report) {
      pass({ direction: 'to-device', bytes: report, via: 'feature' })
      return link.sendFeature(report)
    },
    async getFeature(reportId, length) {
      const bytes = await link.getFeature(reportId, length)
      pass({ direction: 'from-device', bytes, via: 'feature' })
      return bytes
    },
    close: () => link.close(),
  }
}

function tappedPipes(link: PipesLink, pass: Pass): PipesLink {
  return {
    kind: 'pipes',
    name: link.name,
    closed: link.closed,
    endpoints: link.endpoints,
    transferOut(endpoint, bytes, timeoutMs) {
      pass({ direction: 'to-device', bytes })
      return link.transferOut(endpoint, bytes, timeoutMs)
    },
    async transferIn(endpoint, length, timeoutMs) {
      const bytes = await link.transferIn(endpoint, length, timeoutMs)
      pass({ direction: 'from-device', bytes })
      return bytes
    },
    close: () => link.close(),
  }
}

function tappedHttp(link: HttpLink, pass: Pass): HttpLink {
  // A query may hold anything.
  const plain = (path: string) => path.split('?')[0] ?? ''
  return {
    ...link,
    async request(path, init) {
      const method = init?.method ?? 'GET'
      pass({
        direction: 'to-device',
        bytes: Buffer.from(init?.body ?? ''),
        about: `${method} ${plain(path)}`,
      })
      const answer = await link.request(path, init)
      pass({ direction: 'from-device', bytes: Buffer.from(answer.body), about: String(answer.status) })
      return answer
    },
    async events(path) {
      pass({ direction: 'to-device', bytes: new Uint8Array(), about: `events of ${plain(path)}` })
      const parts = await link.events(path)
      return seen(parts, ({ body, contentType }) =>
        pass({ direction: 'from-device', bytes: body, about: contentType }),
      )
    },
    close: () => link.close(),
  }
}

/** Not a generator: it would read a chunk ahead of its reader, or leave the link's own reader waiting at its end. */
function seen<Item>(items: AsyncIterable<Item>, see: (item: Item) => void): AsyncIterable<Item> {
  return {
    [Symbol.asyncIterator]() {
      const inner = items[Symbol.asyncIterator]()
      return {
        async next() {
          const step = await inner.next()
          if (!step.done) see(step.value)
          return step
        },
        async return() {
          await inner.return?.()
          return { value: undefined, done: true as const }
        },
      }
    },
  }
}
