// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.umeng.commonsdk;

/** Only a name. */
public class UMConfigureImpl {
}
