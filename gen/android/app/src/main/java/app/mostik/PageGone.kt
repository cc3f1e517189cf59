package app.mostik

import android.app.Activity
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.webkit.WebView
import androidx.core.content.edit

/**
 * The process that draws the page has ended (WebViewClient.onRenderProcessGone). Its view can never be used again, and there is
 * one window: so the app starts anew, at the step that is stored. In the background it only ends, as the system may have it
 * anyway: whoever comes back starts it.
 */
object PageGone {
  private const val NAME = "page-gone"
  private const val LAST = "last"
  /** An app whose page goes again so soon is not started again and again. */
  private const val SOON_MS = 20_000L

  fun take(view: WebView): Boolean {
    val context = view.context.applicationContext
    val kept = context.getSharedPreferences(NAME, Context.MODE_PRIVATE)
    val now = System.currentTimeMillis()
    val soon = now - kept.getLong(LAST, 0) in 0 until SOON_MS
    kept.edit(commit = true) { putLong(LAST, now) }
    val seen = activityOf(view.context)?.hasWindowFocus() == true
    val first = context.packageManager.getLaunchIntentForPackage(context.packageName)?.component
    if (seen && !soon && first != null) context.startActivity(Intent.makeRestartActivityTask(first))
    Runtime.getRuntime().exit(0)
    return true
  }

  private tailrec fun activityOf(context: Context?): Activity? = when (context) {
    is Activity -> context
    is ContextWrapper -> activityOf(context.baseContext)
    else -> null
  }
}
