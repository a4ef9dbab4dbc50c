using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;

namespace SigmaComms.Fuse.Session;

/// <summary>Mounts by mount(2), for which one must be root or have the right.</summary>
internal static class Mounter
{
    private const string Device = "/dev/fuse";

    /// <summary>Mounts and answers the open device.</summary>
    public static SafeFileHandle Mount(string directory, FuseOptions options)
    {
        if (options.UseMountProgram || Libc.EffectiveUser() != 0)
        {
            return MountProgram.Mount(directory, options);
        }

        SafeFileHandle device = OpenDevice();
        Errno error = Mount(device, directory, options);
        if (error != Errno.None)
        {
            device.Dispose();
            throw MountPoint.Failure(directory, error);
        }

        return device;
    }

    /// <summary>The options that both ways of mounting have in common.</summary>
    public static IEnumerable<string> KernelOptions(FuseOptions options)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"max_read={options.TransferBytesMax}");
        if (options.DefaultPermissions)
        {
            yield return "default_permissions";
        }

        if (options.AllowOther)
        {
            yield return "allow_other";
        }
    }

    private static unsafe SafeFileHandle OpenDevice()
    {
        fixed (byte* path = NativePath.Encode(Device))
        {
            int descriptor = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0);
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }
        }

        var error = (Errno)Marshal.GetLastPInvokeError();
        throw error is Errno.NoEntry or Errno.NoDevice or Errno.NoSuchAddress
            ? new FuseMountException(MountFailure.NoDevice, $"{Device} is missing: this system has no FUSE.")
            : MountPoint.Failure(Device, error);
    }

    private static unsafe Errno Mount(SafeFileHandle device, string directory, FuseOptions options)
    {
        string[] own =
        [
            string.Create(CultureInfo.InvariantCulture, $"fd={device.DangerousGetHandle()}"),
            "rootmode=40000",
            string.Create(CultureInfo.InvariantCulture, $"user_id={Libc.EffectiveUser()}"),
            string.Create(CultureInfo.InvariantCulture, $"group_id={Libc.EffectiveGroup()}"),
        ];
        ulong flags = Libc.MountNoSetUser | Libc.MountNoDevices | (options.ReadOnly ? Libc.MountReadOnly : 0);
        fixed (byte* source = NativePath.Encode(options.Source))
        fixed (byte* target = NativePath.Encode(directory))
        fixed (byte* kind = NativePath.Encode($"fuse.{options.Subtype}"))
        fixed (byte* data = NativePath.Encode(string.Join(',', own.Concat(KernelOptions(options)))))
        {
            int result = Libc.Mount(source, target, kind, (nuint)flags, data);
            return result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }
}
