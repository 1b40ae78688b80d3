// The actions that the server has not confirmed yet, and the profile as it is.
(log, profile) => [JSON.stringify(window.sk.log.slice(-200)), profile]
