# Everything that is checked anywhere else, in a fresh checkout.
npm test --silent
