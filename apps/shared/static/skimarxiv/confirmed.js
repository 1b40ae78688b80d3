// Forget the actions that are in the profile now.
(done) => {
  if (window.sk) window.sk.log = window.sk.log.filter(action => action[0] > done);
}
