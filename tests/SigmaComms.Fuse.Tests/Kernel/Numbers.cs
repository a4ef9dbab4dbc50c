namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Numbers of Linux on x86-64 that the tests use in system calls.</summary>
internal static class Numbers
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Truncate = 0x200;
    public const int Append = 0x400;
    public const int Direct = 0x4000;
    public const int TemporaryFile = 0x410000;
    public const int DirectoryOnly = 0x10000;
    public const uint Rw = 0x1A4;
    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int NoReplace = 1;
    public const int Exchange = 2;
    public const int KeepSize = 1;
    public const int PunchHole = 2;
    public const int ZeroRange = 16;
    public const int GetLock = 5;
    public const int SetLock = 6;
    public const int SetLockWait = 7;
    public const int ReadLock = 0;
    public const int WriteLock = 1;
    public const int Unlock = 2;
    public const int FlockShared = 1;
    public const int FlockExclusive = 2;
    public const int FlockNonBlocking = 4;
    public const int FlockUnlock = 8;
}
