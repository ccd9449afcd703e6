import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

// From our own origin; left to itself the library would ask a public server.
prepareZXingModule({ overrides: { locateFile: () => wasm } })

/** Answers every picture with the bytes of the QR code on it, or null. Bytes, because a text would be a guess. */
addEventListener('message', ({ data }: MessageEvent<ImageData>) => {
  readBarcodes(data, { formats: ['QRCode'], maxNumberOfSymbols: 1 }).then(
    (found) => postMessage(found.find(({ isValid, bytes }) => isValid && bytes.length > 0)?.bytes ?? null),
    // The page hears of an error that nobody catches, and of a rejection it does not.
    (error) => setTimeout(() => reportError(error)),
  )
})
