// The address bar holds a request token: take it out, so that it is neither bookmarked nor read off the screen.
history.replaceState(null, "", location.pathname);
