using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SigmaComms.FuseProbe.Calls;

/// <summary>One system call, or a few that belong together, by name.</summary>
internal static unsafe class Call
{
    private const int Here = -100;
    private const int NoFollow = 0x100;
    private const int FollowLink = 0x400;
    private const int ListBytes = 32768;
    private const int StatusBytes = 256;
    private const int LockBytes = 32;

    public static string Make(string name, Arguments a) => name switch
    {
        "open" => Number(Native.Open(a.Text(0), a.Int(1), (uint)a.Number(2))),
        "close" => Number(Native.Close(a.Int(0))),
        "read" => Read(a.Int(0), a.Int(1), a.Number(2)),
        "hash" => Hash(a.Int(0), a.Int(1), a.Number(2)),
        "write" => Write(a.Int(0), a.Bytes(1), a.Number(2)),
        "fill" => Fill(a.Int(0), (ulong)a.Number(1), a.Int(2), a.Number(3)),
        "append" => Append(a.Int(0), a.Bytes(1)),
        "fsync" => Number(Native.Sync(a.Int(0))),
        "ftruncate" => Number(Native.Truncate(a.Int(0), a.Number(1))),
        "fallocate" => Number(Native.Allocate(a.Int(0), a.Int(1), a.Number(2), a.Number(3))),
        "lseek" => Number(Native.Seek(a.Int(0), a.Number(1), a.Int(2))),
        "copy" => Number(Native.CopyRange(a.Int(0), null, a.Int(1), null, (nuint)a.Number(2), 0)),
        "mmap" => Map(a.Int(0), a.Bytes(1), a.Int(2)),
        "lock" => Lock(a),
        "flock" => Number(Native.Flock(a.Int(0), a.Int(1))),
        _ => MakeOnPath(name, a),
    };

    private static string MakeOnPath(string name, Arguments a) => name switch
    {
        "mkdir" => Number(Native.MakeDirectory(a.Text(0), (uint)a.Number(1))),
        "mknod" => Number(Native.MakeNode(a.Text(0), (uint)a.Number(1), (ulong)a.Number(2))),
        "unlink" => Number(Native.Unlink(a.Text(0))),
        "rmdir" => Number(Native.RemoveDirectory(a.Text(0))),
        "rename" => Number(Native.Rename(Here, a.Text(0), Here, a.Text(1), (uint)a.Number(2))),
        "link" => Number(Native.Link(Here, a.Text(0), Here, a.Text(1), 0)),
        "linkfd" => Number(Native.Link(Here, $"/proc/self/fd/{a.Int(0)}", Here, a.Text(1), FollowLink)),
        "symlink" => Number(Native.SymbolicLink(a.Text(0), a.Text(1))),
        "readlink" => ReadLink(a.Text(0)),
        "chmod" => Number(Native.ChangeMode(a.Text(0), (uint)a.Number(1))),
        "chown" => Number(Native.ChangeOwner(a.Text(0), unchecked((uint)a.Number(1)), unchecked((uint)a.Number(2)))),
        "access" => Number(Native.Access(a.Text(0), a.Int(1))),
        "times" => SetTimes(a),
        "stat" => Status(a.Text(0)),
        "setxattr" => SetXattr(a.Text(0), a.Text(1), a.Bytes(2), a.Int(3)),
        "getxattr" => GetXattr(a.Text(0), a.Text(1), a.Int(2)),
        "listxattr" => ListXattrs(a.Text(0), a.Int(1)),
        "removexattr" => Number(Native.RemoveXattr(a.Text(0), a.Text(1))),
        "list" => List(a.Int(0), a.Int(1)),
        "makemany" => MakeMany(a.Text(0), a.Int(1), a.Int(2)),
        "removemany" => RemoveMany(a.Text(0), a.Int(1), a.Int(2)),
        "setuid" => Number(Native.SetUser((uint)a.Number(0))),
        "serve" => Served.Begin(a.Text(0)),
        "unserve" => Served.End(),
        "umask" => Number((int)Native.SetMask((uint)a.Number(0))),
        _ => throw new ArgumentException(name),
    };

    private static string Number(long result) => result < 0 && result > -4096
        ? throw new CallException(Marshal.GetLastPInvokeError())
        : result.ToString(CultureInfo.InvariantCulture);

    private static string Read(int descriptor, int length, long offset)
    {
        byte[] bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            nint read = Native.ReadAt(descriptor, start, (nuint)length, offset);
            Number(read);
            return Convert.ToHexString(bytes.AsSpan(0, (int)read));
        }
    }

    private static string Hash(int descriptor, int length, long offset) =>
        Convert.ToHexString(SHA256.HashData(Convert.FromHexString(Read(descriptor, length, offset))));

    private static string Write(int descriptor, byte[] bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            return Number(Native.WriteAt(descriptor, start, (nuint)bytes.Length, offset));
        }
    }

    /// <summary>Writes bytes that a seed repeats and answers their hash.</summary>
    private static string Fill(int descriptor, ulong seed, int length, long offset)
    {
        byte[] bytes = new byte[length];
        ulong state = (seed * 2) + 1;
        for (int i = 0; i < length; i++)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            bytes[i] = (byte)(state >> 56);
        }

        string written = Write(descriptor, bytes, offset);
        return written == length.ToString(CultureInfo.InvariantCulture)
            ? Convert.ToHexString(SHA256.HashData(bytes))
            : throw new CallException($"{written} of {length} bytes");
    }

    private static string Append(int descriptor, byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            return Number(Native.Write(descriptor, start, (nuint)bytes.Length));
        }
    }

    /// <summary>
    /// Writes bytes at an offset through a shared mapping of two pages and answers the file's size as mapped.
    /// </summary>
    private static string Map(int descriptor, byte[] bytes, int offset)
    {
        const int length = 8192;
        const int readWrite = 3;
        const int shared = 1;
        byte* start = Native.Map(null, length, readWrite, shared, descriptor, 0);
        if ((nint)start == -1)
        {
            throw new CallException(Marshal.GetLastPInvokeError());
        }

        bytes.CopyTo(new Span<byte>(start + offset, bytes.Length));
        return Number(Native.Unmap(start, length));
    }

    /// <summary>lock FD COMMAND TYPE START LENGTH; answers "TYPE START LENGTH" as it stands after the call.</summary>
    private static string Lock(Arguments a)
    {
        byte* range = stackalloc byte[LockBytes];
        new Span<byte>(range, LockBytes).Clear();
        *(short*)range = (short)a.Number(2);
        *(long*)(range + 8) = a.Number(3);
        *(long*)(range + 16) = a.Number(4);
        Number(Native.Control(a.Int(0), a.Int(1), range));
        return string.Create(
            CultureInfo.InvariantCulture, $"{*(short*)range} {*(long*)(range + 8)} {*(long*)(range + 16)}");
    }

    private static string ReadLink(string path)
    {
        byte[] bytes = new byte[4096];
        fixed (byte* start = bytes)
        {
            nint length = Native.ReadLink(path, start, (nuint)bytes.Length);
            Number(length);
            return Encoding.UTF8.GetString(bytes, 0, (int)length);
        }
    }

    /// <summary>times PATH ACCESS-SECONDS ACCESS-NANOSECONDS MODIFY-SECONDS MODIFY-NANOSECONDS.</summary>
    private static string SetTimes(Arguments a)
    {
        long* times = stackalloc long[4] { a.Number(1), a.Number(2), a.Number(3), a.Number(4) };
        return Number(Native.SetTimes(Here, a.Text(0), times, NoFollow));
    }

    /// <summary>Fields as "name=value", from statx(2).</summary>
    private static string Status(string path)
    {
        byte* s = stackalloc byte[StatusBytes];
        Number(Native.Status(Here, path, NoFollow, 0x7FF, s));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"nlink={*(uint*)(s + 16)} uid={*(uint*)(s + 20)} gid={*(uint*)(s + 24)} mode={*(ushort*)(s + 28)} "
            + $"ino={*(ulong*)(s + 32)} size={*(ulong*)(s + 40)} blocks={*(ulong*)(s + 48)} "
            + $"atime={*(long*)(s + 64)}.{*(uint*)(s + 72)} ctime={*(long*)(s + 96)}.{*(uint*)(s + 104)} "
            + $"mtime={*(long*)(s + 112)}.{*(uint*)(s + 120)} "
            + $"rmajor={*(uint*)(s + 128)} rminor={*(uint*)(s + 132)}");
    }

    private static string SetXattr(string path, string name, byte[] value, int flags)
    {
        fixed (byte* start = value)
        {
            return Number(Native.SetXattr(path, name, start, (nuint)value.Length, flags));
        }
    }

    private static string GetXattr(string path, string name, int length)
    {
        byte[] value = new byte[length];
        fixed (byte* start = value)
        {
            nint result = Native.GetXattr(path, name, start, (nuint)length);
            Number(result);
            return length == 0 ? Number(result) : Convert.ToHexString(value.AsSpan(0, (int)result));
        }
    }

    private static string ListXattrs(string path, int length)
    {
        byte[] list = new byte[length];
        fixed (byte* start = list)
        {
            nint result = Native.ListXattrs(path, start, (nuint)length);
            Number(result);
            return Encoding.UTF8.GetString(list, 0, (int)result).Replace('\0', ' ').TrimEnd();
        }
    }

    /// <summary>
    /// Names that so many calls of getdents64(2) give, each ended by a slash; 0 calls: all there are.
    /// </summary>
    private static string List(int descriptor, int calls)
    {
        byte[] buffer = new byte[ListBytes];
        var names = new StringBuilder();
        fixed (byte* start = buffer)
        {
            for (int call = 0; calls == 0 || call < calls; call++)
            {
                int length = (int)Native.ReadDirectory(descriptor, start, ListBytes);
                Number(length);
                if (length == 0)
                {
                    break;
                }

                for (int at = 0; at < length; at += *(ushort*)(start + at + 16))
                {
                    names.Append(Marshal.PtrToStringUTF8((nint)(start + at + 19))).Append('/');
                }
            }
        }

        return names.ToString();
    }

    private static string MakeMany(string prefix, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            int descriptor = Native.Open(prefix + i.ToString(CultureInfo.InvariantCulture), 0x41, 0x1A4);
            Number(descriptor);
            Number(Native.Close(descriptor));
        }

        return "";
    }

    private static string RemoveMany(string prefix, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            Number(Native.Unlink(prefix + i.ToString(CultureInfo.InvariantCulture)));
        }

        return "";
    }
}
