// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.tencent.bugly;

/** Only a name. */
public class BuglyStrategy {
}
