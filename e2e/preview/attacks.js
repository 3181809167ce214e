/**
 * A page of our own origin that has been taken over tries everything the policy forbids. It runs as the page's
 * own script: what a debugger evaluates is exempt from the policy.
 */
/** @type {any} */
const world = globalThis;
/** @type {Set<string>} */
const directives = new Set();
document.addEventListener('securitypolicyviolation', (event) => directives.add(event.effectiveDirective));

/** @type {Record<string, () => unknown>} */
const attempts = {
  'inline script': () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = "inline script"';
    document.body.append(script);
  },
  'inline handler': () => {
    const image = document.createElement('img');
    image.setAttribute('onerror', 'globalThis.ran = "inline handler"');
    image.src = '/missing.png';
    document.body.append(image);
  },
  'markup as text': () => {
    document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="globalThis.ran = 1">');
  },
  // biome-ignore lint/security/noGlobalEval: it is to be refused
  eval: () => eval('globalThis.ran = "eval"'),
  Function: () => new Function('globalThis.ran = "Function"')(),
  'text as timer': () => setTimeout(/** @type {any} */ ('globalThis.ran = "timer"'), 0),
  'javascript: address': () => {
    const link = document.createElement('a');
    link.href = 'javascript:void(globalThis.ran = "address")';
    document.body.append(link);
    link.click();
  },
  'script from elsewhere': () =>
    import(/** @type {string} */ ('data:text/javascript,globalThis.ran = "data"')),
  'foreign fetch': () => fetch('http://127.0.0.1:9/'),
  'foreign socket': () => new WebSocket('ws://127.0.0.1:9/'),
  'foreign image': () => {
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/leak.png';
    document.body.append(image);
  },
  'inline style element': () => {
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(style);
  },
  frame: () => {
    const frame = document.createElement('iframe');
    frame.src = '/';
    document.body.append(frame);
  },
  'frame of text': () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = '<script>parent.ran = "srcdoc"</script>';
    document.body.append(frame);
  },
  'frame of a javascript: address': () => {
    const frame = document.createElement('iframe');
    frame.src = 'javascript:parent.ran = "frame"';
    document.body.append(frame);
  },
  'written document': () => document.write('<script>globalThis.ran = "written"</script>'),
  'worker of text': () => {
    const text = new Blob(['fetch("http://127.0.0.1:9/")'], { type: 'text/javascript' });
    const worker = new Worker(URL.createObjectURL(text));
    worker.onmessage = () => {
      world.ran = 'worker';
    };
  },
  plugin: () => {
    const plugin = document.createElement('object');
    plugin.type = 'application/pdf';
    plugin.data = 'http://127.0.0.1:9/plugin';
    document.body.append(plugin);
  },
  beacon: () => {
    // It answers true either way; what counts is that the policy saw it.
    navigator.sendBeacon('http://127.0.0.1:9/beacon', 'leak');
  },
  'own policy': () =>
    world.trustedTypes.createPolicy('mine', { createHTML: (/** @type {string} */ text) => text }),
  'default policy': () =>
    world.trustedTypes.createPolicy('default', { createHTML: (/** @type {string} */ text) => text }),
  'window of a javascript: address': () => {
    window.open('javascript:opener.ran = "window"');
  },
  'other base': () => {
    const base = document.createElement('base');
    base.href = 'http://127.0.0.1:9/';
    document.head.append(base);
    if (document.baseURI.includes(':9/')) throw Object.assign(new Error('moved'), { reached: true });
  },
  form: () => {
    const form = document.createElement('form');
    form.action = 'http://127.0.0.1:9/';
    document.body.append(form);
    form.submit();
  },
};

/** @type {Record<string, string>} What an attempt threw, by its class; an empty text where it did not. */
const thrown = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    thrown[name] = '';
  } catch (error) {
    thrown[name] = error instanceof Error ? error.name : String(error);
  }
}
await new Promise((resolve) => setTimeout(resolve, 300));
world.outcome = {
  ran: world.ran ?? null,
  thrown,
  directives: [...directives].sort(),
  shown: getComputedStyle(document.body).display,
  address: location.href,
};
