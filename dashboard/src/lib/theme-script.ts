/** Where this browser keeps the chosen theme. */
export const STORED_AS = "gameops.theme";

/** Runs in the page's head before anything is painted, so that no theme flashes by. Kept in step with `choose`. */
export const themeScript = `(function(){var c=null;try{c=localStorage.getItem("${STORED_AS}")}catch(e){}
var q=matchMedia("(prefers-color-scheme: light)");
var d=document.documentElement;function s(){var p=d.dataset.themeChoice;d.dataset.theme=p==="dark"||p==="light"?p:q.matches?"light":"dark"}
d.dataset.themeChoice=c||"system";s();q.addEventListener("change",s)})()`;
