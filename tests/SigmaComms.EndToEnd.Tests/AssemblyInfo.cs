using System.Runtime.Versioning;

// Signals, file modes and packet sockets.
[assembly: SupportedOSPlatform("linux")]
