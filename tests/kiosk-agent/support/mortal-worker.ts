import { SqliteFailure } from '../../../kiosk-agent/sqlite-worker/failure.ts'
import { serve } from '../../../kiosk-agent/sqlite-worker/serve.ts'

/** A worker that answers, fails or dies as it is told. */
export interface MortalMethods {
  echo(value: string): string
  fail(message: string): never
  die(): never
}

serve<MortalMethods>({
  echo: (value) => value,
  fail: (message) => {
    throw new SqliteFailure('disk-full', message)
  },
  die: () => process.exit(3),
})
