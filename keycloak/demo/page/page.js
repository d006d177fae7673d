import { call } from './gateway.js'
import { createSessionLife } from './session-life.js'

const byId = (id) => document.getElementById(id)
const life = createSessionLife(() => void start())
let events

function show(state) {
  document.body.dataset.state = state
}

function complain(text) {
  byId('trouble').textContent = text
  byId('trouble').hidden = text === ''
}

function tag(text) {
  const item = document.createElement('li')
  item.textContent = text
  return item
}

/** Roles that every account of a Keycloak realm holds: shown as a number, so that the ones that matter stand out. */
const isOrdinary = (role) => /^(client:account:|realm:(default-roles-|offline_access$|uma_authorization$))/.test(role)

function roleTags(roles) {
  const special = roles.filter((role) => !isOrdinary(role))
  const rest = roles.length - special.length
  const tags = special.map(tag)
  if (rest > 0) {
    tags.push(tag(`${special.length > 0 ? 'and ' : ''}${rest} that everybody has`))
    tags.at(-1).className = 'more'
  }
  return tags
}

function describeUser(user) {
  byId('name').textContent = user.name ?? user.username
  byId('username').textContent = user.username ?? '—'
  byId('email').textContent = user.email ?? '—'
  byId('roles').replaceChildren(...roleTags(user.roles))
  byId('groups').replaceChildren(...user.groups.map(tag))
  byId('stub').textContent = user.id.replaceAll('-', '').slice(0, 6)
}

function answered(text, kind) {
  byId('answer').textContent = text
  byId('answer').dataset.kind = kind
}

function row({ id, item, quantity, placedBy, status }) {
  const line = document.createElement('tr')
  for (const value of [id, item, quantity, placedBy, status]) {
    line.insertCell().textContent = String(value)
  }
  line.cells[2].className = 'number'
  return line
}

async function listOrders() {
  const { orders } = await call('/api/orders')
  byId('orders').tBodies[0].replaceChildren(...orders.map(row))
  byId('orders').hidden = false
  return orders
}

/** Runs something that calls the API, says how it went, and looks at the clocks it wound up. */
async function tell(work) {
  try {
    answered(await work(), 'good')
  } catch (error) {
    if (error.status === 401 || error.status === 0) return start()
    answered(`${error.status}: ${error.message}`, 'bad')
  }
  await life.look().catch((error) => error.status === 401 && start())
}

async function describeCall() {
  const seen = await call('/api/whoami')
  const rows = [
    ['X-User-Id', seen.id],
    ['X-User-Name', seen.name],
    ['X-User-Roles', seen.roles.join(', ')],
    ['Access token', seen.tokenArrived ? 'arrived, and never was in this browser' : 'did not arrive'],
  ]
  byId('seen').replaceChildren(
    ...rows.map(([name, value]) => {
      const line = document.createElement('div')
      line.append(document.createElement('dt'), document.createElement('dd'))
      line.firstChild.textContent = name
      line.lastChild.textContent = value || '—'
      return line
    }),
  )
}

function toggleEvents() {
  const button = byId('listen')
  if (events) {
    events.close()
    events = undefined
    byId('event').textContent = ''
  } else {
    events = new EventSource('/api/events')
    byId('event').textContent = 'Waiting for the first event…'
    events.addEventListener('tick', ({ data }) => {
      const { count, at } = JSON.parse(data)
      byId('event').textContent = `Event ${count} at ${new Date(at).toLocaleTimeString()}`
    })
    events.addEventListener('error', () => {
      byId('event').textContent = 'The stream was interrupted; trying again…'
    })
  }
  button.setAttribute('aria-pressed', String(Boolean(events)))
  button.textContent = events ? 'Stop listening' : 'Listen to events'
}

async function start() {
  complain('')
  life.stop()
  try {
    const { data } = await call('/me')
    describeUser(data.user)
  } catch (error) {
    if (events) toggleEvents()
    byId('stub').textContent = 'no ticket'
    show(error.status === 0 ? 'down' : 'out')
    if (error.status !== 0 && error.status !== 401) complain(error.message)
    return
  }
  show('in')
  await life.look().catch((error) => complain(error.message))
  await describeCall().catch((error) => complain(`What the API sees is unknown: ${error.message}`))
  await tell(async () => `${(await listOrders()).length} orders came back through the gateway.`)
}

byId('order-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const fields = new FormData(event.target)
  void tell(async () => {
    const body = { item: fields.get('item'), quantity: Number(fields.get('quantity')) }
    const { order } = await call('/api/orders', { method: 'POST', body })
    await listOrders()
    return `Order ${order.id} is placed.`
  })
})
byId('refresh-orders').addEventListener('click', () => {
  void tell(async () => `${(await listOrders()).length} orders came back through the gateway.`)
})
byId('listen').addEventListener('click', toggleEvents)
byId('again').addEventListener('click', () => void start())
// A page that comes back from the browser's memory may show somebody who has signed out since.
addEventListener('pageshow', (event) => event.persisted && void start())

// Signing out leads back with a state in the address, which has done its work by then.
if (location.search) history.replaceState(null, '', location.pathname)
await start()
