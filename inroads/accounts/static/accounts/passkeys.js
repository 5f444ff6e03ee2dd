// Passkeys: asks the device, puts its answer into the form, sends the form. Without this script every page that uses
// passkeys still says how to go on with a password or a code.
//
// <form data-passkey="create|get" data-options="id of a JSON script" or data-options-url="address of the JSON">

const toBytes = (text) => {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

const toText = (buffer) => {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const withBytes = (descriptors) => descriptors?.map((descriptor) => ({ ...descriptor, id: toBytes(descriptor.id) }))

function decode (given) {
  const options = { ...given, challenge: toBytes(given.challenge) }
  if (given.user) options.user = { ...given.user, id: toBytes(given.user.id) }
  if (given.excludeCredentials) options.excludeCredentials = withBytes(given.excludeCredentials)
  if (given.allowCredentials) options.allowCredentials = withBytes(given.allowCredentials)
  return options
}

function encode (credential) {
  const { response } = credential
  const answer = { clientDataJSON: toText(response.clientDataJSON) }
  if (response.attestationObject) {
    answer.attestationObject = toText(response.attestationObject)
    answer.transports = response.getTransports?.() ?? []
  } else {
    answer.authenticatorData = toText(response.authenticatorData)
    answer.signature = toText(response.signature)
    answer.userHandle = response.userHandle ? toText(response.userHandle) : null
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults()
  }
}

async function optionsOf (form) {
  if (form.dataset.optionsUrl) {
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: 'application/json' } })
    if (!answer.ok) throw new Error('no options')
    return (await answer.json()).request_options.publicKey
  }
  const given = JSON.parse(document.getElementById(form.dataset.options).textContent)
  return (given.creation_options ?? given.request_options).publicKey
}

async function ask (form) {
  const publicKey = decode(await optionsOf(form))
  if (form.dataset.passkey === 'get') return navigator.credentials.get({ publicKey })
  const alone = Boolean(form.elements.passwordless?.checked)
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? 'required' : 'discouraged',
    requireResidentKey: alone,
    ...(alone ? { userVerification: 'required' } : {})
  }
  return navigator.credentials.create({ publicKey })
}

function prepare (form) {
  const button = form.querySelector('[data-passkey-button]')
  const problem = form.querySelector('[data-passkey-problem]')
  form.querySelector('[data-passkey-fallback]').hidden = true
  form.querySelector('[data-passkey-ready]').hidden = false
  const go = async (event) => {
    event.preventDefault()
    problem.textContent = ''
    button.disabled = true
    try {
      form.elements.credential.value = JSON.stringify(encode(await ask(form)))
      form.submit()
    } catch {
      button.disabled = false
      problem.textContent = 'Your device did not give a passkey. Try again, or go on without one.'
    }
  }
  form.addEventListener('submit', go)
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll('form[data-passkey]').forEach(prepare)
}
