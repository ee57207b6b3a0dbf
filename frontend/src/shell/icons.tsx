// Our own line icons on a 24-unit grid: one stroke, one weight. Decorative; the control around them has the name.

import SvgIcon, { type SvgIconProps } from "@mui/material/SvgIcon";

function lineIcon(path: string) {
  // biome-ignore lint/correctness/noComponentHookFactories: called below, once for each icon, never while rendering
  return function LineIcon(props: SvgIconProps) {
    return (
      <SvgIcon fontSize="small" {...props}>
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </SvgIcon>
    );
  };
}

export const MenuIcon = lineIcon("M4 7h16M4 12h16M4 17h16");
export const NewChatIcon = lineIcon(
  "M12 5H7a3 3 0 0 0-3 3v9a3 3 0 0 0 3 3h9a3 3 0 0 0 3-3v-5M9.5 14.5l1-3.5 8-8 2.5 2.5-8 8z",
);
export const SearchIcon = lineIcon("M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20");
export const CloseIcon = lineIcon("M6 6l12 12M18 6 6 18");
export const MoreIcon = lineIcon("M5.5 12h.01M12 12h.01M18.5 12h.01");
export const EditIcon = lineIcon("M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3");
export const DeleteIcon = lineIcon("M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5");
export const ClearIcon = lineIcon(
  "M4 20h16M9 16.5l-4-4a1.5 1.5 0 0 1 0-2l6-6a1.5 1.5 0 0 1 2 0l5 5a1.5 1.5 0 0 1 0 2l-7 7H9M9 7l7 7",
);
export const CopyIcon = lineIcon(
  "M9 9h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM5 15V5a1 1 0 0 1 1-1h9",
);
export const DoneIcon = lineIcon("M5 12.5l4.5 4.5L19 7.5");
export const RetryIcon = lineIcon("M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4");
export const ContinueIcon = lineIcon("M7 5l7 7-7 7M13.5 5l7 7-7 7");
export const SendIcon = lineIcon("M12 19V5M6 11l6-6 6 6");
export const PreviousIcon = lineIcon("M14.5 6l-6 6 6 6");
export const NextIcon = lineIcon("M9.5 6l6 6-6 6");
export const DownIcon = lineIcon("M6 9.5l6 6 6-6");
export const ToNewestIcon = lineIcon("M12 5v14M6 13l6 6 6-6");
export const SettingsIcon = lineIcon("M4 7h9M17 7h3M15 4.8v4.4M4 17h3M11 17h9M9 14.8v4.4M4 12h16");
export const SignOutIcon = lineIcon(
  "M13 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h7M10 12h10M16.5 8.5 20 12l-3.5 3.5",
);
export const ToolIcon = lineIcon("M14.5 5.5a4 4 0 0 0-5 5L4 16l4 4 5.5-5.5a4 4 0 0 0 5-5L16 12l-4-4z");
export const AddIcon = lineIcon("M12 5v14M5 12h14");
export const OfflineIcon = lineIcon(
  "M4 4l16 16M8 15.5a6 6 0 0 1 6-1.6M4.5 11.5A11 11 0 0 1 9 9M19.5 11.5a11 11 0 0 0-7-2.9M12 19h.01",
);
export const PaletteIcon = lineIcon("M5 7l5 5-5 5M12.5 17.5H19");
export const HelpIcon = lineIcon(
  "M9 9.2a3 3 0 1 1 4.3 2.7c-.9.4-1.3 1-1.3 1.9v.4M12 17.3h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
);
export const MoonIcon = lineIcon("M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z");
export const SidebarIcon = lineIcon(
  "M4 6a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM9.5 5v14",
);
export const TemporaryIcon = lineIcon(
  "M12 8v4.5l3 1.8M20 12a8 8 0 1 1-16 0M5.5 7.4A8 8 0 0 1 9 4.6M15 4.6a8 8 0 0 1 3.5 2.8",
);
export const ChatIcon = lineIcon(
  "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.5 3.5V16H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z",
);
export const TalkIcon = lineIcon("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.6-3.2 3.4-5 7-5s6.400 1.800 7 5");
export const CompareIcon = lineIcon("M5 5h5v14H5zM14 5h5v14h-5z");
export const BotIcon = lineIcon(
  "M7 9h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zM12 9V5M12 5h.01M9.5 13.500v1M14.500 13.500v1M3 13v3M21 13v3",
);
export const BackIcon = lineIcon("M19 12H5M11 6l-6 6 6 6");
export const PinIcon = lineIcon("M9 4h6l-1 6 3 3v1.500H7V13l3-3zM12 14.500V20");
export const ArchiveIcon = lineIcon("M4 5h16v4H4zM5.500 9v10h13V9M10 13h4");
export const ShareIcon = lineIcon("M12 14V4M8 7.500 12 3.500l4 4M6 11.500H5v8h14v-8h-1");
export const ForkIcon = lineIcon("M7 4v5c0 3 5 3 5 6v5M17 4v5c0 3-5 3-5 6M5 6l2-2 2 2M15 6l2-2 2 2");
export const FolderIcon = lineIcon("M4 6h5.500l2 2.500H20V18a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z");
export const DownloadIcon = lineIcon("M12 4v10M8 10.500l4 4 4-4M5 19h14");
export const LibraryIcon = lineIcon("M4 6h16M4 12h16M4 18h10");
export const WrapIcon = lineIcon("M4 6h16M4 12h12a3 3 0 0 1 0 6h-4M14.5 15.5 12 18l2.5 2.5M4 18h4");
export const AttachIcon = lineIcon(
  "M19 11.500l-7.500 7.500a4.500 4.500 0 0 1-6.400-6.400l8-8a3 3 0 0 1 4.300 4.300l-7.800 7.800a1.500 1.500 0 0 1-2.200-2.200l7-7",
);
export const FileIcon = lineIcon(
  "M7 3.500h7l4 4V20a.500.500 0 0 1-.500.500h-10.500a.500.500 0 0 1-.500-.500V4a.500.500 0 0 1 .500-.500zM14 3.500V8h4M9.500 12.500h5M9.500 16h5",
);
export const WarningIcon = lineIcon("M12 4 3 19h18zM12 10v4M12 16.5h.01");
export const LinkIcon = lineIcon(
  "M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1.200 1.200M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1.200-1.200",
);
export const SwitchOffIcon = lineIcon("M12 4v8M7.500 6.500a7.500 7.500 0 1 0 9 0");

export const PlaygroundIcon = lineIcon(
  "M9.5 4h5M10.5 4v5.500L5 18.500A1.500 1.500 0 0 0 6.300 20.500h11.400a1.500 1.500 0 0 0 1.300-2L13.500 9.500V4M7.500 14.500h9",
);
export const LikeIcon = lineIcon(
  "M7.500 20V10.500l4-7c1.500 0 2.500 1 2.200 2.600L13 9.500h5.200a1.800 1.800 0 0 1 1.800 2.200l-1.300 6.600a2 2 0 0 1-2 1.700zM4 10.500v9.500",
);
export const DislikeIcon = lineIcon(
  "M16.500 4v9.500l-4 7c-1.500 0-2.500-1-2.200-2.600l.7-3.400H5.800A1.800 1.800 0 0 1 4 12.300l1.300-6.600a2 2 0 0 1 2-1.700zM20 13.500V4",
);
export const RankingIcon = lineIcon("M5 20v-7M12 20V5M19 20v-10");
export const PauseIcon = lineIcon("M8.500 5.500v13M15.500 5.500v13");
export const PlayIcon = lineIcon("M7.500 5v14l11-7z");
export const CodeIcon = lineIcon("M8.500 7 3.500 12l5 5M15.500 7l5 5-5 5");
export const BookmarkIcon = lineIcon("M7 4h10v16l-5-4-5 4z");
export const ImageIcon = lineIcon("M4 5h16v14H4zM4 16l5-5 4.500 4.500 2.500-2.500 4 4M15.500 9h.01");

export function StopIcon(props: SvgIconProps) {
  return (
    <SvgIcon fontSize="small" {...props}>
      <rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor" />
    </SvgIcon>
  );
}
export const GaugeIcon = lineIcon("M4.5 18a9 9 0 1 1 15 0M12 14.5l3.5-4.5");
