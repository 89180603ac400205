"""Ids of the android: attributes that manifests, layouts and preference screens use.

Android finds an attribute by its id and never looks at its name, so packers blank the names; this table
gives them back. The platform freezes the ids: up to API 29 they were taken from Debian's framework-res.apk,
newer ones from the platform's public-final.xml.
"""

from __future__ import annotations

_PUBLIC = 0x01010000

# Last four digits of the id, and the name.
_TABLE = """
    0000:theme 0001:label 0002:icon 0003:name 0004:manageSpaceActivity 0005:allowClearUserData
    0006:permission 0007:readPermission 0008:writePermission 0009:protectionLevel 000a:permissionGroup
    000b:sharedUserId 000c:hasCode 000d:persistent 000e:enabled 000f:debuggable 0010:exported 0011:process
    0012:taskAffinity 0013:multiprocess 0014:finishOnTaskLaunch 0015:clearTaskOnLaunch 0016:stateNotNeeded
    0017:excludeFromRecents 0018:authorities 0019:syncable 001a:initOrder 001b:grantUriPermissions
    001c:priority 001d:launchMode 001e:screenOrientation 001f:configChanges 0020:description
    0021:targetPackage 0022:handleProfiling 0023:functionalTest 0024:value 0025:resource 0026:mimeType
    0027:scheme 0028:host 0029:port 002a:path 002b:pathPrefix 002c:pathPattern 002d:action 002e:data
    002f:targetClass 0095:textSize 0097:textStyle 0098:textColor 009a:textColorHint 00b0:autoLink
    00b2:entries 00d0:id 00d4:background 00da:focusable 00dc:visibility 00e5:clickable 00f2:layout
    00f4:layout_width 00f5:layout_height 0106:checked 0107:button 0119:src 0124:textOn 0125:textOff
    014f:text 0150:hint 0153:maxLines 0154:lines 0158:ems 015c:password 015d:singleLine 0160:maxLength
    0166:digits 016a:autoText 01df:orderInCategory 01e1:title 01e2:titleCondensed 01e8:key 01e9:summary
    01ea:order 01ed:defaultValue 01ef:summaryOn 01f0:summaryOff 01f2:dialogTitle 01f3:dialogMessage
    01f5:positiveButtonText 01f6:negativeButtonText 01f8:entryValues 0202:targetActivity
    0203:alwaysRetainTaskState 0204:allowTaskReparenting 020c:minSdkVersion 021b:versionCode
    021c:versionName 0220:inputType 0225:settingsActivity 022d:noHistory 0264:imeOptions 026f:onClick
    0270:targetSdkVersion 0271:maxSdkVersion 0272:testOnly 0273:contentDescription 027f:backupAgent
    0280:allowBackup 0281:glEsVersion 028e:required 029c:killAfterRestore 029d:restoreNeedsApplication
    02b7:installLocation 02b8:vmSafeMode 02be:logo 02d3:hardwareAccelerated 02d9:showAsAction 031f:alpha
    035a:largeHeap 036a:stopWithTask 0380:accessibilityEventTypes 0382:accessibilityFeedbackType
    0385:canRetrieveWindowContent 0398:uiOptions 03a6:publicKey 03a7:parentActivityName 03a9:isolatedProcess
    03af:supportsRtl 03bf:singleUser 03c9:showOnLockScreen 03d5:restrictedAccountType
    03d6:requiredAccountType 03e3:ssp 03e4:sspPrefix 03e5:sspPattern 03f2:banner 0445:documentLaunchMode
    0447:autoRemoveFromRecents 046f:buttonTint 0473:fullBackupOnly 04ea:extractNativeLibs
    04eb:fullBackupContent 04ec:usesCleartextTraffic 04ee:autoVerify 04f6:resizeableActivity
    04f7:supportsPictureInPicture 0505:directBootAware 050d:canPerformGestures 050e:externalService
    0519:version 0527:networkSecurityConfig 052c:roundIcon 0531:visibleToInstantApps 0545:appCategory
    0549:splitName 054b:isolatedSplits 0554:requiredFeature 0555:requiredNotFeature 055b:isFeatureSplit
    0560:maxAspectRatio 0569:showWhenLocked 056a:turnScreenOn 0572:compileSdkVersion
    0573:compileSdkVersionCodename 0576:versionCodeMajor 057a:appComponentFactory 058e:usesNonSdkApi
    0591:isSplitRequired 0599:foregroundServiceType 059a:hasFragileUserData 059b:minAspectRatio
    059d:zygotePreloadName 059e:useEmbeddedDex 0601:allowAudioPlaybackCapture
    0603:requestLegacyExternalStorage 0608:forceQueryable 0612:allowNativeHeapPointerTagging
    0613:autoRevokePermissions 0614:preserveLegacyExternalStorage 0615:mimeGroup 061e:pathSuffix
    061f:sspSuffix 0620:pathAdvancedPattern 0621:sspAdvancedPattern 062a:knownCerts 063e:dataExtractionRules
    0641:isAccessibilityTool 0642:attributionTags 0644:usesPermissionFlags
    0645:requestRawExternalStorageAccess 064b:attributionsAreUserVisible 064d:sharedUserMaxSdkVersion
    064e:requiredSplitTypes 064f:splitTypes 065b:localeConfig 066c:enableOnBackInvokedCallback
    0677:accessibilityDataSensitive 067d:allowSharedIsolatedProcess
"""

ANDROID_ATTRIBUTES: dict[int, str] = {
    _PUBLIC | int(digits, 16): name for digits, _, name in (entry.partition(":") for entry in _TABLE.split())
}
