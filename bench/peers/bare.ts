/** The measure of all things here: Express 5 with http-proxy-middleware 4 as it is, no sign-in, no protection. */
import express from 'express'
import { createProxyMiddleware } from 'http-proxy-middleware'
import { fromEnvironment } from './from-environment.ts'
import { serve } from './serve.ts'

const app = express()
app.use(createProxyMiddleware({ target: fromEnvironment('UPSTREAM') }))
serve(app)
