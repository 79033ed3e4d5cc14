/**
 * What an appender of any logging framework needs besides the log: for the modules of this project only, not an API.
 *
 * <pre>
 *   Options ─ describe ─► AppendLogBuilder      text from a configuration, and what is wrong with it
 *   OnDemand                                    the log, opened at the start or by the first event
 *   JudgedTime                                  the time by which a policy judges an event
 * </pre>
 */
package dev.uringlog.appender;
