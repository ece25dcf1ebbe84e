import { languages } from "./languages";

/** Where this browser keeps the chosen language. */
export const STORED_AS = "gameops.language";

const directions = JSON.stringify(Object.fromEntries(languages.map(({ code, direction }) => [code, direction])));

/**
 * Runs in the page's head before anything is painted, so that no page is laid out the wrong way round: the chosen
 * language, or else the first of the browser's that the dashboard speaks.
 */
export const languageScript = `(function(){var l=${directions},c=null;try{c=localStorage.getItem("${STORED_AS}")}catch(e){}
var w=[c].concat(navigator.languages||[]).map(function(x){return String(x||"").slice(0,2).toLowerCase()});
var f=w.find(function(x){return Object.prototype.hasOwnProperty.call(l,x)})||"en";
var d=document.documentElement;d.lang=f;d.dir=l[f]})()`;
