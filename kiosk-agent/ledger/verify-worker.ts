import { serve } from '../sqlite-worker/serve.ts'
import { type Verdict, verifyLedger } from './verify.ts'

/** What the verifying thread can be asked. */
export interface VerifyMethods {
  verify(path: string): Verdict
}

serve<VerifyMethods>({ verify: (path) => verifyLedger(path) })
